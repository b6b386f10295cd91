"""The two models, each with a limit: no more calls than it has slots, and none to one that does not answer."""

from __future__ import annotations

from typing import Any

import httpx
from breaker import Breaker
from places import Full, Places

SMALL_SLOTS = 3  # two that work, and one that is on its way
KEPT_FOR_PREMIUM = 2
LARGE_S, SMALL_S = 0.3, 0.2
PATIENCE_S = {"premium": 0.15, "basic": 0.1}
SMALL_PATIENCE_S = 0.1


class NoAnswer(Exception):
    """This model gives no price now."""


class Model:
    """A model behind places and a breaker."""

    def __init__(self, name: str, url: str, places: int, within_s: float) -> None:
        self.name = name
        self.client = httpx.AsyncClient(base_url=url, timeout=within_s, trust_env=False)
        self.places = Places(places)
        self.breaker = Breaker(name)

    async def price(self, route: str, seats: int, patience_s: float, kept: int = 0) -> dict[str, Any]:
        """Its price. Waits `patience_s` for a place, and leaves `kept` places for others."""
        try:
            async with self.places.one(patience_s, kept):
                return await self.ask(route, seats)
        except Full:
            raise NoAnswer(f"{self.name}: no place") from None

    async def ask(self, route: str, seats: int) -> dict[str, Any]:
        if not self.breaker.lets():
            raise NoAnswer(f"{self.name}: the breaker is open")
        well = False
        try:
            response = await self.client.post("/v1/score", json={"route": route, "seats": seats})
            well = response.status_code == 200
            if not well:
                raise NoAnswer(f"{self.name}: {response.status_code}")
            found: dict[str, Any] = response.json()
            return found
        except httpx.HTTPError as error:
            raise NoAnswer(f"{self.name}: {error!r}") from None
        finally:
            self.breaker.saw(well)


class Models:
    def __init__(self, large: str, small: str, replicas: int) -> None:
        self.large = Model("large", large, replicas, LARGE_S)
        self.small = Model("small", small, SMALL_SLOTS, SMALL_S)

    async def best(self, plan: str, route: str, seats: int) -> dict[str, Any]:
        """The large model's price; premium waits for it, and basic leaves places for premium."""
        kept = 0 if plan == "premium" else KEPT_FOR_PREMIUM
        return await self.large.price(route, seats, PATIENCE_S.get(plan, 0.1), kept)

    async def swift(self, route: str, seats: int) -> dict[str, Any]:
        """The small model's price."""
        return await self.small.price(route, seats, SMALL_PATIENCE_S)
