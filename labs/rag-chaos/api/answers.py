"""From a question to an answer: embed it, find the nearest passages, have the model answer from them."""

from __future__ import annotations

from typing import Any

import metrics
from llm import Llm
from store import Store

PASSAGES = 3


class Answers:
    def __init__(self, store: Store, llm: Llm) -> None:
        self.store = store
        self.llm = llm

    async def ask(self, question: str) -> dict[str, Any]:
        with metrics.seconds.labels("embed").time():
            vector = await self.llm.embed(question)
        with metrics.seconds.labels("store").time():
            passages = await self.store.nearest(vector, PASSAGES)
        with metrics.seconds.labels("llm").time():
            text = await self.llm.answer(question, [passage.text for passage in passages])
        return {"answer": text, "degraded": False, "sources": [passage.title for passage in passages]}
