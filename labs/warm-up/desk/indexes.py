"""The four indexes: what they hold now, what they held until a moment ago, and when they move by themselves."""

from __future__ import annotations

import time
from collections.abc import Callable

import maps

KEPT_S = 1.5
"""How long the index that held a letter still answers after a rebuild; users are promised one second."""
EVERY_S = 120.0
"""How long after the last rebuild the next one comes by itself. No exam lasts so long."""


class Indexes:
    """The indexes of a desk. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._before = self._now = maps.TONIGHT
        self._next = maps.night(int(time.time()))[0]
        self._at = clock()
        self.night: int | None = None
        self.rebuilds = 0

    def begin(self, night: int) -> None:
        """Let the night of that seed begin."""
        first, self._next = maps.night(night)
        self._move(first)
        self.night, self.rebuilds = night, 0

    def rebuild(self) -> None:
        """Move to what comes next."""
        self._move(self._next)
        self.rebuilds += 1
        self._next = maps.night(int(time.time()))[self.rebuilds % 2]

    def now(self) -> maps.Cuts:
        """What they hold; rebuilds if it is time."""
        if self._clock() - self._at > EVERY_S:
            self.rebuild()
        return self._now

    def age(self) -> float:
        """Seconds since the last rebuild."""
        return self._clock() - self._at

    def holds(self, index: str, letter: str) -> bool:
        """Whether this index can answer for a letter."""
        if maps.holder(self.now(), letter) == index:
            return True
        return self.age() <= KEPT_S and maps.holder(self._before, letter) == index

    def _move(self, cuts: maps.Cuts) -> None:
        self._before, self._now, self._at = self._now, cuts, self._clock()
