"""Answers by question, for as long as the index has the revision that they were made from."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from search import Search, SearchFailed

LOOK_EVERY_S = 0.25
LOST_AFTER = 4


class Cache:
    def __init__(self, search: Search, entries: int) -> None:
        self.search = search
        self.entries = entries
        self.revision: int | None = None
        self.kept: OrderedDict[str, tuple[int, Any]] = OrderedDict()

    async def follow(self) -> None:
        """Look at the index for ever; while nobody tells its revision, nothing is taken from the cache."""
        missed = 0
        while True:
            try:
                self.revision, missed = await self.search.revision(), 0
            except SearchFailed:
                missed += 1
                self.revision = None if missed >= LOST_AFTER else self.revision
            await asyncio.sleep(LOOK_EVERY_S)

    def get(self, key: str) -> Any | None:
        revision, value = self.kept.get(key, (-1, None))
        return value if revision == self.revision else None

    def put(self, key: str, value: Any, revision: int | None) -> None:
        if revision is None:
            return
        self.kept[key] = (revision, value)
        self.kept.move_to_end(key)
        while len(self.kept) > self.entries:
            self.kept.popitem(last=False)
