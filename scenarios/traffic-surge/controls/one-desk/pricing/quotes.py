"""Where a price comes from: a model, by way of the desk, or the tariff."""

from __future__ import annotations

from typing import Any

import httpx
from desk import Desk
from tariff import Tariff


class NoPrice(Exception):
    """There is none for this request."""


class Quotes:
    def __init__(self, desk: Desk, tariff: Tariff) -> None:
        self.desk = desk
        self.tariff = tariff

    async def quote(self, route: str, seats: int, premium: bool) -> tuple[dict[str, Any], str]:
        """A price with its receipt, and where it came from."""
        if found := await self.desk.price((route, seats), premium):
            return found
        try:
            return await self.tariff.price(route, seats), "default"
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise NoPrice(f"no model, and no default price: {error!r}") from None
