"""Where a price comes from: the large model, the small model, or the tariff, by what the time allows.

A site wants a price or a refusal within 0.6 s of its request. Times below are from its start.
"""

from __future__ import annotations

import time
from typing import Any

from demand import Demand
from models import Model
from slots import BASIC, PREMIUM
from tariff import Tariff

LARGE_UNTIL_S = 0.34
SMALL_UNTIL_S = 0.52
# For a place at the large model. A call takes 0.14 s. Basic sites have the small model instead, premium sites have not.
LARGE_WAIT_S = {PREMIUM: 0.18, BASIC: 0.06}
SMALL_WAIT_S = 0.16


class NoPrice(Exception):
    """There is none for this request."""


class Quotes:
    def __init__(self, large: Model, small: Model, tariff: Tariff, demand: Demand) -> None:
        self.large, self.small, self.tariff, self.demand = large, small, tariff, demand

    async def quote(self, premium: bool, route: str, seats: int) -> tuple[dict[str, Any], str]:
        """A price with its receipt, and where it came from."""
        began = time.monotonic()
        trip, rank = (route, seats), PREMIUM if premium else BASIC
        self.demand.add(trip)  # whether it finds a place or not: this is what the replicas are for
        if found := self.large.cache.get(trip):
            return found, "large_kept"
        if found := await self.large.price(trip, rank, LARGE_WAIT_S[rank], began + LARGE_UNTIL_S):
            return found, "large"
        if found := self.small.cache.get(trip):
            return found, "small_kept"
        if found := await self.small.price(trip, rank, SMALL_WAIT_S, began + SMALL_UNTIL_S):
            return found, "small"
        if found := self.tariff.price(route, seats):
            return found, "default"
        raise NoPrice("no model and no tariff")
