"""What we keep of the store for the time when it fails, and what we know of its past.

The table has an edition at once, the library's index maybe later: so while the store answers, whatever the library says
otherwise is old. When the store fails, the library is ahead of us only if it says what neither of the two ever said.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import defaultdict, deque

from desk import language, telemetry
from desk.breaker import Breaker
from desk.errors import Unavailable
from desk.library import Library
from desk.model import Passage, Vector
from desk.store import Outline, Store

REMEMBERED = 20  # texts a passage
SURVEYS_AT_ONCE = 4

log = logging.getLogger("desk.replica")


class Replica:
    """All passages with their vectors, as the store had them last."""

    def __init__(self) -> None:
        self.passages: tuple[Passage, ...] = ()
        self.outline: Outline = ()
        self._told: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self._surveyed: Outline | None = None

    @property
    def models(self) -> list[str]:
        return sorted({passage.model for passage in self.passages})

    def take(self, outline: Outline, passages: tuple[Passage, ...]) -> None:
        self.outline, self.passages = outline, passages
        for passage in passages:
            self.remember(passage)
        telemetry.edition.set(max((passage.edition for passage in passages), default=-1))

    def remember(self, passage: Passage) -> None:
        """A text that is in force, or is old."""
        if passage.body not in self._told[passage.id]:
            self._told[passage.id].append(passage.body)

    def surveyed(self, outline: Outline) -> None:
        """All that the library says was remembered while the store had this."""
        self._surveyed = outline

    @property
    def knows_the_library(self) -> bool:
        return bool(self.outline) and self._surveyed == self.outline

    def is_new(self, passage: Passage) -> bool:
        return self.knows_the_library and passage.body not in self._told.get(passage.id, ())

    def nearest(self, vectors: dict[str, Vector], limit: int) -> tuple[Passage, ...]:
        comparable = [each for each in self.passages if each.model in vectors]
        return tuple(sorted(comparable, key=lambda each: -vectors[each.model].near(each.values))[:limit])

    def by_words(self, question: str, limit: int) -> tuple[Passage, ...]:
        found: dict[str, Passage] = {}
        for score, passage, _ in language.rank(question, self.passages, ordered=False):
            if score <= 0 or len(found) == limit:
                break
            found.setdefault(passage.id, passage)
        return tuple(found.values())


class Watch:
    """Asks the store all the time whether it is well and what it has, so that no question has to find out."""

    def __init__(
        self, store: Store, library: Library, replica: Replica, breaker: Breaker, *, every_s: float, within_s: float
    ) -> None:
        self._store, self._library, self._replica, self._breaker = store, library, replica, breaker
        self._every_s, self._within_s = every_s, within_s
        self._hurry = asyncio.Event()
        self.begun = asyncio.Event()

    def hurry(self) -> None:
        """Look now: somebody has seen something new."""
        self._hurry.set()

    async def run(self) -> None:
        while True:
            self._hurry.clear()
            try:
                with self._breaker.watched():
                    await self._beat()
            except Unavailable as error:
                log.info("%s", error)
            self.begun.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), self._every_s)

    async def _beat(self) -> None:
        outline = await self._store.outline(self._within_s)
        if outline != self._replica.outline:
            outline, passages = await self._store.everything(self._within_s)
            self._replica.take(outline, passages)
            log.warning("edition %s of %d passages, by %s", outline[0][1] if outline else "?", len(passages),
                        ", ".join(self._replica.models))  # fmt: skip
        telemetry.age.set(time.time())

    async def survey(self) -> None:
        """After each edition, while the store is well: what does the library say?"""
        while True:
            outline = self._replica.outline
            if self._breaker.closed and outline and not self._replica.knows_the_library:
                places = asyncio.Semaphore(SURVEYS_AT_ONCE)

                async def look(passage: Passage) -> None:
                    async with places:
                        for found in await self._library.search(passage.title, 3, 1.0):
                            self._replica.remember(found)

                results = await asyncio.gather(
                    *(look(each) for each in self._replica.passages), return_exceptions=True
                )
                if not any(results) and self._breaker.closed and self._replica.outline == outline:
                    self._replica.surveyed(outline)
            await asyncio.sleep(self._every_s)
