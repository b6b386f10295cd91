"""Answers by question, for as long as the index has the revision that they were made from."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from typing import Any

from search import Search, SearchFailed

LOOK_EVERY_S = 0.25
KNOWN_FOR_S = 1.2


class Cache:
    def __init__(self, search: Search, entries: int) -> None:
        self.search = search
        self.entries = entries
        self.revision = -1
        self.seen_at = 0.0
        self.kept: OrderedDict[str, tuple[int, Any]] = OrderedDict()

    async def follow(self) -> None:
        """Look at the index for ever, so that a new revision is known though everybody asks what is kept."""
        while True:
            with contextlib.suppress(SearchFailed):
                self.seen(await self.search.revision())
            await asyncio.sleep(LOOK_EVERY_S)

    def seen(self, revision: int) -> None:
        """Search has told its revision just now."""
        self.revision = max(self.revision, revision)
        self.seen_at = time.monotonic()

    def get(self, key: str) -> Any | None:
        """What is kept of the present revision; nothing when search has not told it for a while."""
        revision, value = self.kept.get(key, (-1, None))
        known = time.monotonic() - self.seen_at < KNOWN_FOR_S
        return value if known and revision == self.revision else None

    def put(self, key: str, value: Any, revision: int) -> None:
        self.kept[key] = (revision, value)
        self.kept.move_to_end(key)
        while len(self.kept) > self.entries:
            self.kept.popitem(last=False)
