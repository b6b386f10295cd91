"""From a question to an answer; where store or model fail, by the next best way, and marked."""

from __future__ import annotations

import re
from typing import Any

import metrics
from breaker import Breaker, Unavailable
from library import Library
from llm import Llm
from store import Passage, Store

PASSAGES = 3
EMBED_S, STORE_S, LLM_S = 0.25, 0.25, 0.4
SORRY = "Please ask at the counter, our colleagues are happy to help."
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
        self.babbles = False

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
            self.model = passages[0].model if passages else model
        raise Unavailable("the rows have another model each time")

    async def answer(self, question: str, passages: list[Passage]) -> tuple[str, str]:
        """The answer, and whose it is."""
        texts = [passage.text for passage in passages]
        try:
            text = await self.writer.call(lambda: self.llm.answer(question, texts))
        except Unavailable as error:
            if error.__cause__ is not None:  # it was asked: else it rests for the reason of the last time
                self.babbles = isinstance(error.__cause__, ValueError)
            return (SORRY, "nobody") if self.babbles else (best_sentence(question, texts), "sentence")
        return text, "model"


def best_sentence(question: str, texts: list[str]) -> str:
    """The sentence that shares most words with the question; of equals, the one of the better passage."""
    asked = set(WORD.findall(question.lower()))
    sentences = [sentence for text in texts for sentence in SENTENCE.split(text)]
    return max(sentences, key=lambda sentence: len(asked & set(WORD.findall(sentence.lower()))), default="")
