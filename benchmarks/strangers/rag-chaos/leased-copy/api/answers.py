"""From a question to an answer. Every step has a lesser way, and whoever takes one says so.

find:   by the store's vectors, in the copy of the table      | by words, in the copy | by the website's search
write:  the model, from the passages that were found          | the sentence of theirs that fits best
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import httpx
import metrics
import words
from llm import FAILURES, Llm
from store import Passage, Store, nearest

PASSAGES = 3
WITHIN_S = 0.65  # for all of it
EMBED_S, SEARCH_S, WRITE_S = 0.25, 0.2, 0.42
AGAIN_S = 0.3  # what another try needs


class NoAnswer(Exception):
    """There is nothing to answer from."""


class Answers:
    def __init__(self, store: Store, llm: Llm, library: str) -> None:
        self.store = store
        self.llm = llm
        self.library = httpx.AsyncClient(base_url=library, timeout=SEARCH_S, trust_env=False)

    async def ask(self, question: str) -> dict[str, Any]:
        until = time.monotonic() + WITHIN_S
        for last in (False, True):
            copy = self.store.passages
            found, text, whole = await self._answer(question, copy, until)
            # An edition that came in the meantime makes the answer wrong, unless it says the same.
            now = self.store.passages
            if last or now is copy or words.grounded(text, now) or until - time.monotonic() < AGAIN_S:
                break
        # Asked last: an answer that the store can no longer vouch for is a lesser one.
        degraded = not (whole and self.store.well)
        metrics.kinds.labels("degraded" if degraded else "whole").inc()
        return {"answer": text, "degraded": degraded, "sources": [passage.title for passage in found]}

    async def _answer(
        self, question: str, copy: Sequence[Passage], until: float
    ) -> tuple[list[Passage], str, bool]:
        """Passages, the sentence, and whether both were had as they should be."""
        passages, whole = await self._find(question, copy)
        text = None
        if passages:
            text = await self._write(question, passages, min(WRITE_S, until - time.monotonic()))
        if text is None:
            whole = False
            fits = words.best(question, passages)
            if fits is None:
                raise NoAnswer
            text = fits[1]
        return passages, text, whole

    async def _find(self, question: str, copy: Sequence[Passage]) -> tuple[list[Passage], bool]:
        """Passages, and whether the vectors of the copy found them."""
        if not copy:
            with metrics.seconds.labels("library").time():
                return await self._search(question), False
        try:
            with metrics.seconds.labels("embed").time():
                models = sorted({passage.model for passage in copy})
                vectors = await asyncio.gather(*(self.llm.embed(model, question, EMBED_S) for model in models))
            return nearest(copy, dict(zip(models, vectors, strict=True)), PASSAGES), True
        except FAILURES as error:
            metrics.failures.labels("embed", type(error).__name__).inc()
        fits = words.best(question, copy)
        return ([fits[0]] if fits else []), False

    async def _search(self, question: str) -> list[Passage]:
        try:
            response = await self.library.post(
                "/search", json={"query": words.widened(question), "limit": PASSAGES}
            )
            response.raise_for_status()
            return [Passage(each["id"], each["title"], each["text"]) for each in response.json()["passages"]]
        except FAILURES as error:
            metrics.failures.labels("library", type(error).__name__).inc()
            return []

    async def _write(self, question: str, passages: list[Passage], within_s: float) -> str | None:
        try:
            with metrics.seconds.labels("llm").time():
                text = await self.llm.answer(question, [passage.text for passage in passages], within_s)
        except FAILURES as error:
            metrics.failures.labels("llm", type(error).__name__).inc()
            return None
        if not words.grounded(text, passages):
            metrics.failures.labels("llm", "made up").inc()
            return None
        return text
