"""The client of the LLM provider: four hands, since the contract allows four calls at a time.

A hand has one connection and makes one call, from its begin to its end, before it takes the next. So there are never
more than four, without a count that could go wrong, and no call is ever left half way.
"""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import telemetry
import urllib3
from opentelemetry.context import Context

MODEL = "parley-large"
PROMPT = "Answer only from the passage, with one sentence of it."
HANDS = 4
TIMEOUT = urllib3.Timeout(connect=0.5, read=2.0)
REST_S = 0.25  # of a hand that was refused or left without an answer: its place may be taken for a while
MOST_REST_S = 1.0


class LlmFailed(Exception):
    """The provider refused, or did not answer."""


@dataclass(eq=False)
class Job:
    question: str
    passage: str
    request_id: str
    until: float
    context: Context
    done: Future[str] = field(default_factory=Future)


class Llm:
    def __init__(self, url: str, key: str) -> None:
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._hands = [Hand(n, self._jobs, url, key) for n in range(HANDS)]

    def start(self) -> None:
        for hand in self._hands:
            hand.start()

    def answer(self, question: str, passage: str, request_id: str, until: float, context: Context) -> Future[str]:
        """The sentence of the passage that answers the question."""
        job = Job(question, passage, request_id, until, context)
        self._jobs.put(job)
        return job.done


class Hand(threading.Thread):
    def __init__(self, n: int, jobs: queue.SimpleQueue[Job], url: str, key: str) -> None:
        super().__init__(name=f"llm-{n}", daemon=True)
        self._jobs = jobs
        self._pool = urllib3.connection_from_url(url, maxsize=1, retries=False, timeout=TIMEOUT)
        self._headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        self._rest_s = 0.0

    def run(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job.done.set_result(self._do(job))
            except Exception as error:  # a hand must not fall off
                if not isinstance(error, LlmFailed):
                    telemetry.log.exception("llm hand")
                if not job.done.done():
                    job.done.set_exception(error if isinstance(error, LlmFailed) else LlmFailed(repr(error)))
            time.sleep(self._rest_s)
            self._rest_s = 0.0

    def _do(self, job: Job) -> str:
        """Up to two calls, as long as somebody waits. A hand that has to rest does so before the next call."""
        why = "nobody waits for it any more"
        for _ in range(2):
            if time.monotonic() + self._rest_s > job.until:
                break
            time.sleep(self._rest_s)
            self._rest_s = 0.0
            try:
                response = self._call(job)
            except urllib3.exceptions.TimeoutError as error:
                self._rest_s = REST_S
                raise LlmFailed(f"the provider does not answer: {error!r}") from None
            except urllib3.exceptions.HTTPError as error:
                why = f"the connection broke: {error!r}"
                continue
            if response.status == 200:
                try:
                    return str(response.json()["choices"][0]["message"]["content"])
                except (ValueError, LookupError, TypeError):
                    why = "the provider's answer is not understood"
                    continue
            why = f"the provider answered {response.status}"
            if response.status == 429:
                self._rest_s = _rest(response)
            elif response.status < 500:
                break
        raise LlmFailed(why)

    def _call(self, job: Job) -> Any:
        body = {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": PROMPT},
                {"role": "user", "content": f"Passage 1: {job.passage}\n\nQuestion: {job.question}"},
            ],
        }
        with telemetry.span("llm", job.context, model=MODEL, question_bytes=len(job.question)) as span:
            try:
                response = self._pool.request(
                    "POST",
                    "/v1/chat/completions",
                    json=body,
                    headers={**self._headers, **telemetry.request_id(job.request_id)},
                )
            except urllib3.exceptions.HTTPError as error:
                telemetry.llm_calls.labels(type(error).__name__).inc()
                raise
            span.set_attribute("http.response.status_code", response.status)
            telemetry.llm_calls.labels(str(response.status)).inc()
        return response


def _rest(response: Any) -> float:
    try:
        return min(max(0.0, float(response.headers["retry-after-ms"]) / 1000), MOST_REST_S)
    except (KeyError, ValueError):
        return REST_S
