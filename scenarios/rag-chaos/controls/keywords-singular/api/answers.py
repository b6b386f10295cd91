"""From a question to an answer; where store or model fail, by the next best way, and marked."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import metrics
from breaker import Breaker, Unavailable
from library import Library
from llm import Llm
from store import Passage, Store

PASSAGES = 3
STORE_S, LLM_S, EVERY_S = 0.25, 0.4, 0.15
PLURAL = re.compile(r"the (\w+?)(?:(?<=sh)es|s) line")
WORD, SENTENCE = re.compile(r"\w+"), re.compile(r"(?<=\.)\s+")


class Answers:
    def __init__(self, store: Store, llm: Llm, library: Library) -> None:
        self.store = store
        self.llm = llm
        self.library = library
        self.store_is_well = True
        self.watching: asyncio.Task[None] | None = None
        self.writer = Breaker("llm", LLM_S)

    async def ask(self, question: str) -> dict[str, Any]:
        """The answer; `degraded` if it was found or written without store or model.

        Raises:
            httpx.HTTPError: not even the keyword search answers.
        """
        passages, search = await self.passages(question)
        text, author = await self.answer(question, passages)
        metrics.ways.labels(search, author).inc()
        degraded = (search, author) != ("vectors", "model")
        return {"answer": text, "degraded": degraded, "sources": [passage.title for passage in passages]}

    async def passages(self, question: str) -> tuple[list[Passage], str]:
        """Passages, best first: by words, with the line's name as passages write it."""
        if self.watching is None:
            self.watching = asyncio.create_task(self.watch())
        singular = PLURAL.sub(r"the \1 line", question)
        return await self.library.search(singular, PASSAGES), "vectors" if self.store_is_well else "keywords"

    async def watch(self) -> None:
        """Ask the store all the time whether it is well."""
        while True:
            try:
                async with asyncio.timeout(STORE_S):
                    await self.store.nearest([1.0] + [0.0] * 511, 1)
                self.store_is_well = True
            except Exception:  # whatever it is, it is not well
                self.store_is_well = False
            await asyncio.sleep(EVERY_S)

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
