"""From a question to an answer, in a budget of time: the best of what is there when a share of it is spent."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from bulkhead import Bulkhead
from library import Library
from llm import Llm
from store import Passage, Store

PASSAGES = 3
SEARCH_S, ANSWER_S = 0.28, 0.36
WORDS = re.compile(r"[a-z]{3,}")


class Answers:
    def __init__(self, store: Store, llm: Llm, library: Library) -> None:
        self.store = store
        self.llm = llm
        self.library = library
        self.searching, self.writing = Bulkhead(12), Bulkhead(16)

    async def ask(self, question: str) -> dict[str, Any]:
        """Both searches at once; then the model, or what the passages say by themselves.

        Raises:
            httpx.HTTPError: neither search found anything.
        """
        by_words = asyncio.create_task(self.library.search(question, PASSAGES))
        passages = await self.searching.within(SEARCH_S, lambda: self.by_meaning(question))
        found = passages or await by_words
        by_words.add_done_callback(lambda task: task.cancelled() or task.exception())
        texts = [passage.text for passage in found]
        written = await self.writing.within(ANSWER_S, lambda: self.llm.answer(question, texts))
        return {
            "answer": written or extract(question, texts),
            "degraded": not (passages and written),
            "sources": [passage.title for passage in found],
        }

    async def by_meaning(self, question: str) -> list[Passage]:
        """The nearest passages, if question and rows have vectors of one model."""
        model = self.store.model
        passages = await self.store.nearest(await self.llm.embed(model, question), PASSAGES)
        if all(passage.model == model for passage in passages):
            return passages
        self.store.model = passages[0].model
        return await self.store.nearest(await self.llm.embed(self.store.model, question), PASSAGES)


def extract(question: str, texts: list[str]) -> str:
    """Of the first passage, the sentence with the largest share of its words in the question."""
    asked = set(WORDS.findall(question.lower()))
    sentences = texts[0].replace(". ", ".\n").splitlines()

    def share(sentence: str) -> float:
        words = WORDS.findall(sentence.lower())
        return sum(word in asked for word in words) / max(len(words), 1)

    return max(sentences, key=share)
