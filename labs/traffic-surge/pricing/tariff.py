"""The tariff: a default price by zone and seats, for a trip that no model prices."""

from __future__ import annotations

from typing import Any

import httpx


class Tariff:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=2.0, trust_env=False)
        self.page: dict[str, Any] = {}

    async def price(self, route: str, seats: int) -> dict[str, Any]:
        """The default price of a trip, with the tariff's receipt."""
        if not self.page:
            self.page = (await self.client.get("/tariff")).json()
        zone = route.partition("-")[0]
        return {"price": self.page["prices"][zone][str(seats)], "receipt": self.page["receipt"]}
