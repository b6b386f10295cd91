"""Values of the current edition, in memory: the least recently used go first, and none gets old."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from editions import Edition

T = TypeVar("T")


class EditionCache(Generic[T]):
    def __init__(self, seconds: float, entries: int) -> None:
        self._seconds = seconds
        self._most = entries
        self._generation = 0
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, edition: Edition | None, key: Hashable) -> T | None:
        if edition is None or edition.generation != self._generation or key not in self._kept:
            return None
        until, value = self._kept[key]
        if time.monotonic() >= until:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return value

    def put(self, edition: Edition | None, key: Hashable, value: T) -> None:
        """Keep it, if it belongs to the newest edition seen so far, or a newer one."""
        if edition is None or edition.generation < self._generation:
            return
        self.turn_to(edition)
        self._kept[key] = (time.monotonic() + self._seconds, value)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def turn_to(self, edition: Edition) -> None:
        """Forget everything of editions before this one."""
        if edition.generation > self._generation:
            self._generation = edition.generation
            self._kept.clear()
