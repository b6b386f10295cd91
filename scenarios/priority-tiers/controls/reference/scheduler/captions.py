"""Texts from the pool: the quota first, then a turn, then the model."""

from __future__ import annotations

from typing import Any

import httpx
from limiter import Limiter
from turns import Full, Turns

SLOTS = 4
TIMEOUT_S = 5.0
AGAIN_S = 0.5


class Refused(Exception):
    def __init__(self, status: int, why: str, again_s: float) -> None:
        super().__init__(why)
        self.status, self.why, self.again_s = status, why, again_s


class Captions:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False)
        self.limits = Limiter()
        self.turns = Turns(SLOTS)

    async def text(self, account: dict[str, Any], picture: str) -> dict[str, Any]:
        """The model's answer."""
        if again_s := self.limits.wait(account):
            raise Refused(429, "over the quota", again_s)
        try:
            await self.turns.take(account["tier"])
        except Full:
            raise Refused(503, "no place", AGAIN_S) from None
        try:
            response = await self.client.post("/v1/score", json={"picture": picture})
        except httpx.HTTPError as error:
            raise Refused(503, repr(error), AGAIN_S) from None
        finally:
            self.turns.give()
        if response.status_code != 200:
            raise Refused(503, f"the pool answered {response.status_code}", AGAIN_S)
        found: dict[str, Any] = response.json()
        return found
