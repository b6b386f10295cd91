"""Prices for as long as they are fresh, by trip. The receipt says when a price was given."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any

KEPT_S = 1.7  # a price may be 2 s old when the site has it

Trip = tuple[str, int]  # route, seats


def age_s(answer: dict[str, Any]) -> float:
    """How long ago this price was given; forever if the receipt does not say."""
    try:
        return time.time() - int(str(answer["receipt"]).partition(".")[0]) / 1000
    except (KeyError, ValueError):
        return float("inf")


class Cache:
    def __init__(self) -> None:
        self.prices: OrderedDict[Trip, dict[str, Any]] = OrderedDict()  # the oldest first

    def get(self, trip: Trip) -> dict[str, Any] | None:
        found = self.prices.get(trip)
        return found if found and age_s(found) < KEPT_S else None

    def put(self, trip: Trip, answer: dict[str, Any]) -> None:
        self.prices[trip] = answer
        self.prices.move_to_end(trip)
        while self.prices and age_s(next(iter(self.prices.values()))) >= KEPT_S:
            self.prices.popitem(last=False)
