"""Prices of a model, kept while they may still be sold."""

from __future__ import annotations

import time
from typing import Any

KEPT_S = 1.6  # a price is good for 2 s by its receipt; the rest is for the way to the site

Trip = tuple[str, int]  # route, seats


class Cache:
    def __init__(self) -> None:
        self.prices: dict[tuple[str, Trip], tuple[float, dict[str, Any]]] = {}

    def get(self, model: str, trip: Trip) -> dict[str, Any] | None:
        """The price that this model gave for this trip, whoever asked, if it is fresh."""
        kept = self.prices.get((model, trip))
        return kept[1] if kept and time.monotonic() - kept[0] < KEPT_S else None

    def put(self, model: str, trip: Trip, answer: dict[str, Any]) -> None:
        now = time.monotonic()
        self.prices.pop((model, trip), None)
        self.prices[model, trip] = (now, answer)
        # The oldest are first, as a dict keeps the order of insertion.
        while now - self.prices[old := next(iter(self.prices))][0] >= KEPT_S:
            del self.prices[old]
