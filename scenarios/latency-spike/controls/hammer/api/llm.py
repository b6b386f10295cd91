"""The client of the LLM provider."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import telemetry

MODEL = "parley-large"
PROMPT = "Answer only from the passage, with one sentence of it."
LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=200)
TIMEOUT = httpx.Timeout(8.0)
AGAIN_S = 0.005


class LlmFailed(Exception):
    """The provider refused."""


class Llm:
    def __init__(self, url: str, key: str) -> None:
        headers = {"authorization": f"Bearer {key}"}
        self.client = httpx.AsyncClient(base_url=url, headers=headers, limits=LIMITS, timeout=TIMEOUT, trust_env=False)

    async def answer(self, question: str, passage: str, request_id: str) -> str:
        """The sentence of the passage that answers the question."""
        call = {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": PROMPT},
                {"role": "user", "content": f"Passage 1: {passage}\n\nQuestion: {question}"},
            ],
        }
        while True:
            with telemetry.span("llm", model=MODEL, question_bytes=len(question)) as span:
                response = await self.client.post(
                    "/v1/chat/completions",
                    json=call,
                    headers={"x-request-id": request_id},
                    extensions={"trace": telemetry.on_the_wire(span)},
                )
                span.set_attribute("http.response.status_code", response.status_code)
                telemetry.llm_calls.labels(str(response.status_code)).inc()
            if response.status_code != 429:
                break
            await asyncio.sleep(AGAIN_S)
        if response.status_code != 200:
            raise LlmFailed(f"the provider answered {response.status_code}")
        body: dict[str, Any] = response.json()
        return str(body["choices"][0]["message"]["content"])
