"""From a question to an answer: what is known of this edition, else the best article and the model."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any

import telemetry
from cache import Cache
from llm import Llm
from search import Search

WORD = re.compile(r"\w+")
MOST_WORDS = 400


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

    def key(self) -> str:
        """Where its answer is kept: by what the answer depends on, which neither shop nor request id is."""
        return hashlib.sha256(json.dumps([self.text, self.thread]).encode()).hexdigest()

    def query(self) -> str:
        """What is searched for: each word once, since which article is best depends on no more than that.

        Of a thread with too many words those remain that it repeats least: a footer stands under every mail.
        """
        words = list(dict.fromkeys(WORD.findall(self.text)))
        thread = Counter(WORD.findall(self.thread))
        words += [word for word in sorted(thread, key=thread.__getitem__) if word not in words]
        return " ".join(words[:MOST_WORDS])


class Answers:
    def __init__(self, search: Search, llm: Llm, cache: Cache) -> None:
        self.search = search
        self.llm = llm
        self.cache = cache
        self.flying: dict[Hashable, asyncio.Task[Any]] = {}

    async def ask(self, question: Question) -> dict[str, Any]:
        key, edition = question.key(), self.search.edition()
        with telemetry.span("cache.get") as span:
            known = None if edition is None else self.cache.get((edition, key))
            span.set_attribute("cache.hit", known is not None)
            telemetry.cache_lookups.labels("hit" if known else "miss").inc()
        if known is not None:
            return known
        return await self._shared(("answer", edition, key), lambda: self._find(question, key))

    async def _find(self, question: Question, key: str) -> dict[str, Any]:
        revision, article = await self.search.best(question.query(), question.request_id)
        said = (revision, article["id"], question.text)
        text = self.cache.get(said)
        if text is None:
            call = lambda: self.llm.answer(question.text, article["text"], question.request_id)  # noqa: E731
            text = await self._shared(("said", *said), call)
            self.cache.put(said, text)
        answer = {"answer": text, "source": article["id"]}
        self.cache.put((revision, key), answer)
        return answer

    async def _shared(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """What `make` makes, once for all who ask for it meanwhile. It goes on when they give up: others will ask."""
        task = self.flying.get(key)
        if task is None:
            task = self.flying[key] = asyncio.create_task(make())
            task.add_done_callback(lambda done: self._landed(key, done))
        return await asyncio.shield(task)

    def _landed(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        del self.flying[key]
        if not task.cancelled():
            task.exception()  # looked at, so that nobody complains if all who waited have left
