"""The client of the LLM provider."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import telemetry
from config import Settings
from deadline import Deadline
from errors import LlmFailed
from limits import Places

MODEL = "parley-large"
PROMPT = "Answer only from the passage, with one sentence of it."
TRIES = 2
MOST_PAUSE_S = 1.0
WORTH_IT_S = 0.15  # a call takes about that long


class _Again(Exception):
    """It may work the second time, after so many seconds."""

    def __init__(self, why: str, after_s: float) -> None:
        super().__init__(why)
        self.after_s = after_s


class Llm:
    """Keeps the contract: never more calls at once than agreed, and fewer for a while after a refusal.

    A call that has begun is never cancelled. The provider works on it to its end, so its place is taken until then,
    whether or not somebody still waits here.
    """

    def __init__(self, settings: Settings) -> None:
        self._client = httpx.AsyncClient(
            base_url=settings.llm_url,
            headers={"authorization": f"Bearer {settings.llm_key}"},
            limits=httpx.Limits(max_connections=settings.llm_at_once * 2),
            timeout=settings.llm_timeout_s,
            trust_env=False,
        )
        self._places = Places(settings.llm_at_once, settings.llm_recover_s)
        self._running: set[asyncio.Task[str]] = set()

    async def aclose(self) -> None:
        await self._client.aclose()

    async def answer(self, question: str, passage: str, request_id: str, deadline: Deadline) -> str:
        """The sentence of the passage that answers the question."""
        for attempt in range(1, TRIES + 1):
            waited = time.monotonic()
            if not await self._places.take(deadline):
                raise LlmFailed("no place at the provider was free in time")
            telemetry.stages.labels("llm.queue").observe(time.monotonic() - waited)
            task = asyncio.create_task(self._call(question, passage, request_id))
            self._running.add(task)
            task.add_done_callback(self._ended)
            try:
                return await asyncio.shield(task)
            except _Again as error:
                if attempt == TRIES or deadline.left() < error.after_s + WORTH_IT_S:
                    raise LlmFailed(str(error)) from None
                await asyncio.sleep(error.after_s)
        raise AssertionError("unreachable")

    def _ended(self, task: asyncio.Task[str]) -> None:
        self._running.discard(task)
        self._places.give_back()
        if not task.cancelled():
            task.exception()

    async def _call(self, question: str, passage: str, request_id: str) -> str:
        body = {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": PROMPT},
                {"role": "user", "content": f"Passage 1: {passage}\n\nQuestion: {question}"},
            ],
        }
        began = time.monotonic()
        with telemetry.span("llm", model=MODEL, question_bytes=len(question)) as span:
            try:
                response = await self._client.post(
                    "/v1/chat/completions",
                    json=body,
                    headers={"x-request-id": request_id} if request_id else {},
                    extensions={"trace": telemetry.on_the_wire(span)},
                )
            except httpx.TimeoutException as error:
                telemetry.llm_calls.labels(type(error).__name__).inc()
                raise LlmFailed("the provider does not answer") from None
            except httpx.HTTPError as error:
                telemetry.llm_calls.labels(type(error).__name__).inc()
                raise _Again(f"the provider's connection broke: {error!r}", 0.0) from None
            finally:
                telemetry.stages.labels("llm").observe(time.monotonic() - began)
            span.set_attribute("http.response.status_code", response.status_code)
            telemetry.llm_calls.labels(str(response.status_code)).inc()
        return self._read(response)

    def _read(self, response: httpx.Response) -> str:
        if response.status_code == 429:
            pause = _pause(response)
            self._places.refused(pause)
            telemetry.llm_places.set(self._places.allowed)
            raise _Again("the provider refused: too many at once", pause)
        if response.status_code >= 500:
            raise _Again(f"the provider answered {response.status_code}", 0.02)
        if response.status_code != 200:
            raise LlmFailed(f"the provider answered {response.status_code}")
        try:
            raw: dict[str, Any] = response.json()
            choice = raw["choices"][0]
            text, reason = choice["message"]["content"], choice.get("finish_reason", "stop")
        except (ValueError, LookupError, TypeError, AttributeError):
            raise _Again("the provider's answer is not understood", 0.0) from None
        if not isinstance(text, str) or not text or reason == "length":
            raise _Again("the provider's answer is not whole", 0.0)
        self._places.went_well()
        telemetry.llm_places.set(self._places.allowed)
        return text


def _pause(response: httpx.Response) -> float:
    for header, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return min(max(0.0, float(response.headers[header]) * unit_s), MOST_PAUSE_S)
        except (KeyError, ValueError):
            continue
    return 0.1
