"""From a question to an answer: the cache, else the best article and the model."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

import telemetry
from cache import Cache
from llm import Llm
from search import Search

WORD = re.compile(r"[^\W_]+")


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
        return hashlib.sha256(json.dumps([self.text, self.query()]).encode()).hexdigest()

    def query(self) -> str:
        """What is searched for: the question, and the end of the thread, which is where it began."""
        return " ".join(dict.fromkeys(WORD.findall(f"{self.text}\n{self.thread[-700:]}".lower())))


class Answers:
    def __init__(self, search: Search, llm: Llm, cache: Cache) -> None:
        self.search = search
        self.llm = llm
        self.cache = cache
        self.under_way: dict[str, asyncio.Task[dict[str, Any]]] = {}

    async def ask(self, question: Question) -> dict[str, Any]:
        """From the cache; else found out once, for all who ask the same meanwhile."""
        key = question.key()
        with telemetry.span("cache.get") as span:
            known = self.cache.get(key)
            span.set_attribute("cache.hit", known is not None)
            telemetry.cache_lookups.labels("hit" if known else "miss").inc()
        if known is not None:
            return known
        task = self.under_way.get(key)
        if task is None:
            task = asyncio.create_task(self.find_out(key, question))
            self.under_way[key] = task
            task.add_done_callback(lambda _: self.under_way.pop(key, None))
        return await asyncio.shield(task)

    async def find_out(self, key: str, question: Question) -> dict[str, Any]:
        article = await self.search.best(question.query(), question.request_id)
        text = await self.llm.answer(question.text, article["text"], question.request_id)
        answer = {"answer": text, "source": article["id"]}
        self.cache.put(key, answer)
        return answer
