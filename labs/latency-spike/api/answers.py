"""From a question to an answer: the cache, else the best article and the model."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import telemetry
from cache import Cache
from llm import Llm
from search import Search


@dataclass(frozen=True)
class Question:
    text: str
    thread: str
    tenant: str
    request_id: str

    @classmethod
    def parse(cls, body: bytes, tenant: str, request_id: str) -> Question:
        try:
            raw = json.loads(body)
            text, thread = raw["question"], raw.get("thread", "")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError('expected {"question": text, "thread": text}') from None
        if not isinstance(text, str) or not isinstance(thread, str) or not text.strip():
            raise ValueError("question and thread must be texts")
        return cls(text, thread, tenant, request_id)

    def key(self) -> str:
        """Where its answer is kept."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def query(self) -> str:
        """What is searched for."""
        return f"{self.text}\n{self.thread}"


class Answers:
    def __init__(self, search: Search, llm: Llm, cache: Cache) -> None:
        self.search = search
        self.llm = llm
        self.cache = cache

    async def ask(self, question: Question) -> dict[str, Any]:
        key = question.key()
        with telemetry.span("cache.get") as span:
            known = self.cache.get(key)
            span.set_attribute("cache.hit", known is not None)
            telemetry.cache_lookups.labels("hit" if known else "miss").inc()
        if known is not None:
            return known
        article = await self.search.best(question.query(), question.request_id)
        text = await self.llm.answer(question.text, article["text"], question.request_id)
        answer = {"answer": text, "source": article["id"]}
        self.cache.put(key, answer)
        return answer
