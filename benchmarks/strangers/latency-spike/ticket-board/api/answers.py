"""From a question to an answer: two promises, one for the question and one for what the model says of an article."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import telemetry
from cache import Library, Shelf
from llm import Llm
from opentelemetry import context
from search import Found, Search

CHECK_EVERY_S = 0.2  # a shelf confirmed that lately is used without asking
CHECK_WAITS_S = 0.1
LEASE_S = 1.0  # and one confirmed that lately if nobody tells
OF_USE_S = 0.8  # what is not found in this time is dropped where it waits
MOST_WORDS = 300

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Question:
    text: str
    thread: str
    request_id: str

    @classmethod
    def parse(cls, body: bytes, request_id: str) -> Question:
        try:
            raw = json.loads(body)
            text, thread = raw["question"], raw.get("thread", "")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError('expected {"question": text, "thread": text}') from None
        if not isinstance(text, str) or not isinstance(thread, str) or not text.strip():
            raise ValueError("question and thread must be texts")
        return cls(text, thread, request_id)

    def key(self) -> bytes:
        """All that its answer depends on; nothing of who asks."""
        return hashlib.sha256(json.dumps([self.text, self.thread]).encode()).digest()

    def words(self) -> list[str]:
        """Each different word once: repetitions cost time and change nothing.

        If there are too many, those of the thread that it repeats most are left out: each mail has its footer.
        """
        own = list(dict.fromkeys(_WORD.findall(self.text)))
        counts = Counter(_WORD.findall(self.thread))
        rest = [word for word, _ in reversed(counts.most_common()) if word not in own]
        return [*own, *rest][:MOST_WORDS]


class Answers:
    def __init__(self, replicas: list[str], llm: Llm) -> None:
        self._library = Library()
        self._search = Search(replicas, self._library.saw)
        self._llm = llm
        self._look: asyncio.Future[bool] | None = None

    def start(self) -> None:
        self._search.start()
        self._llm.start()

    async def shelf(self) -> Shelf:
        """The shelf of the newest edition, as far as that can be found out in a moment."""
        if self._library.unsure_for() > CHECK_EVERY_S:
            if self._look is None or self._look.done():
                # one at a time, in a thread of the loop's pool; it never raises what is not logged there
                self._look = asyncio.get_running_loop().run_in_executor(None, self._search.look)
            await asyncio.wait({self._look}, timeout=CHECK_WAITS_S)
        return self._library.shelf(LEASE_S)

    async def ask(self, question: Question) -> Future[dict[str, Any]]:
        """The promise of an answer. It raises SearchFailed or LlmFailed."""
        shelf = await self.shelf()
        key = question.key()
        with telemetry.span("cache.get") as span:
            promise, new = shelf.promise(key)
            outcome = "miss" if new else "hit" if promise.done() else "joined"
            span.set_attribute("cache.outcome", outcome)
            telemetry.cache_lookups.labels(outcome).inc()
        if new:
            self._begin(shelf, key, promise, question)
        return promise

    def _begin(self, shelf: Shelf, key: bytes, promise: Future[dict[str, Any]], question: Question) -> None:
        """See to it that a promise is kept. What follows runs in the threads of search and model."""
        until, here = time.monotonic() + OF_USE_S, context.get_current()

        def failed(error: BaseException) -> None:
            shelf.forget(key, promise)
            promise.set_exception(error)

        def on_found(done: Future[Found]) -> None:
            try:
                found = done.result()
                said_key = (found.text, question.text)
                said, new = shelf.promise(said_key)
                if new:
                    call = self._llm.answer(question.text, found.text, question.request_id, until, here)
                    call.add_done_callback(lambda done: _pass_on(shelf, said_key, done, said))
                said.add_done_callback(lambda said: on_said(found, said))
            except Exception as error:
                failed(error)

        def on_said(found: Found, said: Future[str]) -> None:
            try:
                answer = {"answer": said.result(), "source": found.id}
            except Exception as error:
                failed(error)
                return
            if shelf.revision is not None and found.revision < shelf.revision:
                shelf.forget(key, promise)  # a straggler's: good enough to be given, not to be kept
            promise.set_result(answer)

        self._search.best(question.words(), question.request_id, until, here).add_done_callback(on_found)


def _pass_on(shelf: Shelf, key: Any, done: Future[str], promise: Future[str]) -> None:
    """Keep a promise with what has been done for it."""
    error = done.exception()
    if error is None:
        promise.set_result(done.result())
    else:
        shelf.forget(key, promise)
        promise.set_exception(error)
