"""How many calls a second the large model should get, from the requests that came in the last moment."""

from __future__ import annotations

import time
from collections import OrderedDict

from cache import KEPT_S, Trip

WINDOW_S = 0.5


class Demand:
    def __init__(self) -> None:
        self.asked: OrderedDict[Trip, float] = OrderedDict()  # the oldest first

    def add(self, trip: Trip) -> None:
        """A request for this trip. While a price would be kept, one call is enough for all who ask."""
        now = time.monotonic()
        while self.asked and next(iter(self.asked.values())) < now - KEPT_S:
            self.asked.popitem(last=False)
        self.asked.setdefault(trip, now)

    def a_second(self) -> float:
        since, calls = time.monotonic() - WINDOW_S, 0
        for at in reversed(self.asked.values()):
            if at < since:
                break
            calls += 1
        return calls / WINDOW_S
