"""How many calls a second the large model would get if it could answer everybody."""

from __future__ import annotations

import time
from collections import deque

from cache import KEPT_S, Trip

WINDOW_S = 0.5


class Demand:
    """Counts trips as they arrive, not calls that were made: so neither a shortage nor an outage hides it."""

    def __init__(self) -> None:
        self.seen: dict[Trip, float] = {}
        self.times: deque[float] = deque()

    def add(self, trip: Trip) -> None:
        """A request came. A trip that was priced a moment ago needs no call."""
        now = time.monotonic()
        if now - self.seen.get(trip, -KEPT_S) < KEPT_S:
            return
        self.seen.pop(trip, None)
        self.seen[trip] = now
        self.times.append(now)
        while now - self.seen[old := next(iter(self.seen))] >= KEPT_S:
            del self.seen[old]

    def rate(self) -> float:
        """Calls a second, over the last half second."""
        start = time.monotonic() - WINDOW_S
        while self.times and self.times[0] < start:
            self.times.popleft()
        return len(self.times) / WINDOW_S
