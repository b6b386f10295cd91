"""The client of the LLM provider."""

from __future__ import annotations

import asyncio
import time

import httpx
import telemetry

MODEL = "parley-large"
PROMPT = "Answer only from the passage, with one sentence of it."
AT_ONCE = 3  # of the contract's four: one place is left for a call that a predecessor of this process may have open
WAITS_S = 0.7  # longer than that nobody waits for an answer
TIMEOUT = httpx.Timeout(3.0)
LIMITS = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)


class LlmFailed(Exception):
    """The provider refused, or did not answer."""


class Llm:
    def __init__(self, url: str, key: str) -> None:
        headers = {"authorization": f"Bearer {key}"}
        self.client = httpx.AsyncClient(base_url=url, headers=headers, limits=LIMITS, timeout=TIMEOUT, trust_env=False)
        self.places = asyncio.Semaphore(AT_ONCE)

    async def answer(self, question: str, passage: str, request_id: str) -> str:
        """The sentence of the passage that answers the question.

        Never cancel it: the provider works on a call to its end, so its place is taken for that long.
        """
        call = {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": PROMPT},
                {"role": "user", "content": f"Passage 1: {passage}\n\nQuestion: {question}"},
            ],
        }
        asked = time.monotonic()
        async with self.places:
            if time.monotonic() - asked > WAITS_S:
                raise LlmFailed("no place was free in time")
            response = await self._post(call, request_id)
            if response is None or response.status_code == 429:  # once more, after what the provider asks for
                await asyncio.sleep(_pause(response))
                response = await self._post(call, request_id)
        if response is None or response.status_code != 200:
            raise LlmFailed(f"the provider answered {response.status_code if response else 'nothing'}")
        try:
            return str(response.json()["choices"][0]["message"]["content"])
        except (ValueError, LookupError, TypeError):
            raise LlmFailed("the provider's answer is not understood") from None

    async def _post(self, call: dict[str, object], request_id: str) -> httpx.Response | None:
        """The provider's response; None if the connection broke, as one does that was idle for too long."""
        headers = {"x-request-id": request_id} if request_id else {}
        with telemetry.span("llm", model=MODEL) as span:
            try:
                response = await self.client.post(
                    "/v1/chat/completions",
                    json=call,
                    headers=headers,
                    extensions={"trace": telemetry.on_the_wire(span)},
                )
            except httpx.TimeoutException:
                telemetry.llm_calls.labels("timeout").inc()
                raise LlmFailed("the provider does not answer") from None
            except httpx.TransportError as error:
                span.set_attribute("error", type(error).__name__)
                telemetry.llm_calls.labels(type(error).__name__).inc()
                return None
            span.set_attribute("http.response.status_code", response.status_code)
            telemetry.llm_calls.labels(str(response.status_code)).inc()
            return response


def _pause(response: httpx.Response | None) -> float:
    """Seconds to wait before the second try."""
    if response is None:
        return 0.0
    try:
        return min(float(response.headers["retry-after-ms"]) / 1000, 1.0)
    except (KeyError, ValueError):
        return 0.2
