"""The tariff: a default price by zone and seats, for a trip that no model prices."""

from __future__ import annotations

from typing import Any

import httpx

TIMEOUT_S = 0.5


class Tariff:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False)

    async def price(self, route: str, seats: int) -> dict[str, Any]:
        """The default price of a trip, with the tariff's receipt."""
        page = (await self.client.get("/tariff")).json()
        return {"price": page["prices"][route.partition("-")[0]][str(seats)], "receipt": page["receipt"]}
