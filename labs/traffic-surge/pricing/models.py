"""The two models: the large one, and the small one for the day on which the large one is down."""

from __future__ import annotations

from typing import Any

import figures
import httpx

LADDER = ("large", "small")
TIMEOUT_S = 0.4
TRIES = 2


class Down(Exception):
    """No model can be reached."""


class TooSlow(Exception):
    """A model can be reached, but gives no price."""


class Models:
    def __init__(self, urls: dict[str, str]) -> None:
        self.clients = {
            name: httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False) for name, url in urls.items()
        }

    async def price(self, route: str, seats: int) -> tuple[dict[str, Any], str]:
        """A price, and the model that gave it."""
        for name in LADDER:
            try:
                return await self.ask(name, route, seats), name
            except httpx.ConnectError:
                figures.log.warning("down", extra={"model": name})
        raise Down

    async def ask(self, name: str, route: str, seats: int) -> dict[str, Any]:
        """A model's answer, if need be at the second try."""
        for _ in range(TRIES):
            try:
                response = await self.clients[name].post("/v1/score", json={"route": route, "seats": seats})
            except httpx.TimeoutException:
                continue
            if response.status_code == 200:
                found: dict[str, Any] = response.json()
                return found
        raise TooSlow(f"{name}: no price after {TRIES} tries")
