"""An answer that gets better as long as there is time.

At once, letters tell which passages it will be (the guess), and the model begins to write from those. Meanwhile the
question is embedded, and the store says what is nearest: it mostly confirms the guess, and then the model's sentence is
the whole answer, in the time of the longer of the two instead of both. If it does not, the model writes again, from
what the store found. What is missing when the time is over makes the answer a lesser one:

    store     model
    found     wrote      whole
    missing   wrote      degraded: the model's sentence from the guess
    found     missing    degraded: the likeliest sentence of what was found
    missing   missing    degraded: the likeliest sentence of the guess

With no shelf yet (we were started while the store was away) the website's search makes the guess.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

from ferry import Ferry, OtherModels
from oracle import Lost, Oracle
from shelf import Passage, likeliest, says

PASSAGES = 3
FIND_S = 0.4  # to embed and to search
ALL_S = 0.66
FIRST_MODEL = "parley-embed"
TURNS = 3  # vectors of another model, and once more

log = logging.getLogger("desk")
T = TypeVar("T")


class NoAnswer(Exception):
    """There are no passages at all."""


class Anytime:
    def __init__(self, ferry: Ferry, oracle: Oracle) -> None:
        self._ferry, self._oracle = ferry, oracle
        self._flying: dict[tuple[str, str | None], asyncio.Task[dict[str, Any]]] = {}

    async def ask(self, question: str) -> dict[str, Any]:
        """An answer. Who asks the same at the same time, of the same edition, gets the same.

        Raises:
            NoAnswer: there is none.
        """
        key = (question, self._ferry.shelf.mark)
        flying = self._flying.get(key)
        if flying is None:
            flying = self._flying[key] = asyncio.create_task(self._answer(question))
            flying.add_done_callback(lambda _: self._flying.pop(key, None))
        return await asyncio.shield(flying)

    async def _answer(self, question: str) -> dict[str, Any]:
        began = time.monotonic()
        finding = asyncio.create_task(self._find(question))
        guess = self._ferry.shelf.guess(question, PASSAGES)
        if not guess:
            guess = await _within(self._oracle.search(question, PASSAGES), FIND_S) or []
        writing = asyncio.create_task(self._oracle.write(question, guess)) if guess else None
        found = await _within(finding, began + FIND_S - time.monotonic())
        text = await _within(writing, began + ALL_S - time.monotonic()) if writing else None
        if found and (writing is None or (text is not None and not says(found[:1], text))):
            text = await _within(self._oracle.write(question, found), began + ALL_S - time.monotonic())
        basis = found or guess
        degraded = not found or text is None
        if text is None:
            text = likeliest(question, basis)
        if text is None:
            raise NoAnswer
        return {"answer": text, "degraded": degraded, "sources": [passage.title for passage in basis]}

    async def _find(self, question: str) -> list[Passage]:
        models = self._ferry.shelf.models or frozenset((FIRST_MODEL,))
        for _ in range(TURNS):
            vectors = await self._oracle.vectors(models, question)
            try:
                return await self._ferry.nearest(vectors, PASSAGES)
            except OtherModels as error:
                models = error.needed
        raise Lost("find: the vectors' models change too often")


async def _within(work: asyncio.Task[T] | Coroutine[Any, Any, T], seconds: float) -> T | None:
    """What comes of it, if it comes in time."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=max(0.0, seconds))
    if not task.done():
        task.cancel()
        return None
    error = task.exception() if not task.cancelled() else None
    if error is not None and not isinstance(error, Lost):
        log.error("a mistake of ours", exc_info=error)
    return None if task.cancelled() or error is not None else task.result()
