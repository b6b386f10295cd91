"""From a question to an answer; where store or model fail, by the next best way, and marked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import metrics
from breaker import Breaker, Unavailable
from library import Library
from llm import Llm
from store import Passage, Store

PASSAGES = 3
EMBED_S, STORE_S, LLM_S = 0.25, 0.25, 0.4
EVERY_S = 0.15
WORD, SENTENCE = re.compile(r"\w+"), re.compile(r"(?<=\.)\s+")


class Answers:
    def __init__(self, store: Store, llm: Llm, library: Library) -> None:
        self.store = store
        self.llm = llm
        self.library = library
        self.model = "parley-embed"
        self.embedder = Breaker("embed", EMBED_S)
        self.rows = Breaker("store", STORE_S)
        self.writer = Breaker("llm", LLM_S)
        self.kept: dict[str, dict[str, Any]] = {}
        self.well = {"store": True, "model": True}
        self.watches: list[asyncio.Task[None]] = []

    async def ask(self, question: str) -> dict[str, Any]:
        """The answer; `degraded` if it was found or written without store or model.

        Raises:
            httpx.HTTPError: not even the keyword search answers.
        """
        if not self.watches:
            self.watches = [
                asyncio.create_task(self.watch("store", self.look_at_rows)),
                asyncio.create_task(self.watch("model", lambda: self.llm.answer("Are you there?", ["Yes."]))),
            ]
        if question in self.kept:
            return {**self.kept[question], "degraded": not all(self.well.values())}
        passages, search = await self.passages(question)
        text, author = await self.answer(question, passages)
        metrics.ways.labels(search, author).inc()
        degraded = (search, author) != ("vectors", "model")
        answer = {"answer": text, "degraded": degraded, "sources": [passage.title for passage in passages]}
        if not degraded and passages[0].model == self.model:
            self.kept[question] = answer
        return answer

    async def watch(self, name: str, look: Callable[[], Awaitable[object]]) -> None:
        """Look at a dependency all the time, and note whether it is well."""
        while True:
            try:
                async with asyncio.timeout(LLM_S):
                    await look()
                self.well[name] = True
            except Exception:  # whatever it is, it is not well
                self.well[name] = False
            await asyncio.sleep(EVERY_S)

    async def look_at_rows(self) -> None:
        """Whose vectors they are: of another model, nothing that was kept is true any more."""
        rows = await self.store.nearest([1.0] + [0.0] * 511, 1)
        self.has(rows[0].model)

    def has(self, model: str) -> None:
        if model != self.model:
            self.model = model
            self.kept.clear()

    async def passages(self, question: str) -> tuple[list[Passage], str]:
        """Passages, best first, and how they were found."""
        try:
            return await self.nearest(question), "vectors"
        except Unavailable:
            return await self.library.search(question, PASSAGES), "keywords"

    async def nearest(self, question: str) -> list[Passage]:
        """By vectors of the model that made the rows' own: a re-index is noticed by the first question after it."""
        for _ in range(2):
            model = self.model
            vector = await self.embedder.call(lambda m=model: self.llm.embed(m, question))
            passages = await self.rows.call(lambda v=vector: self.store.nearest(v, PASSAGES))
            if passages and passages[0].model == model:
                return passages
            self.has(passages[0].model if passages else model)
        raise Unavailable("the rows have another model each time")

    async def answer(self, question: str, passages: list[Passage]) -> tuple[str, str]:
        """The answer, and whose it is."""
        texts = [passage.text for passage in passages]
        try:
            return await self.writer.call(lambda: self.llm.answer(question, texts)), "model"
        except Unavailable:
            return best_sentence(question, texts), "sentence"


def best_sentence(question: str, texts: list[str]) -> str:
    """The sentence that shares most words with the question; of equals, the one of the better passage."""
    asked = set(WORD.findall(question.lower()))
    sentences = [sentence for text in texts for sentence in SENTENCE.split(text)]
    return max(sentences, key=lambda sentence: len(asked & set(WORD.findall(sentence.lower()))), default="")
