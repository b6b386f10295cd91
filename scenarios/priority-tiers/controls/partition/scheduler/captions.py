"""The pool in two parts, one for each tier; a part that has nothing to do lends."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import httpx
from limiter import Limiter

PARTS = {"premium": 3, "free": 1}
SLOTS = sum(PARTS.values())
PATIENCE_S = 0.3


class Refused(Exception):
    def __init__(self, status: int, why: str, again_s: float) -> None:
        super().__init__(why)
        self.status, self.why, self.again_s = status, why, again_s


class Captions:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=4.0, trust_env=False)
        self.limiter = Limiter()
        self.working = dict.fromkeys(PARTS, 0)
        self.waiting: dict[str, deque[asyncio.Event]] = {tier: deque() for tier in PARTS}

    async def text(self, account: dict[str, Any], picture: str) -> dict[str, Any]:
        if early := self.limiter.early(account):
            raise Refused(429, "over the quota", early)
        tier = account["tier"]
        await self.enter(tier)
        try:
            response = await self.client.post("/v1/score", json={"picture": picture})
        except httpx.HTTPError as error:
            raise Refused(503, repr(error), PATIENCE_S) from None
        finally:
            self.working[tier] -= 1
            self.admit()
        if response.status_code != 200:
            raise Refused(503, f"the pool answered {response.status_code}", PATIENCE_S)
        found: dict[str, Any] = response.json()
        return found

    async def enter(self, tier: str) -> None:
        """Wait for a slot of this tier's part, or one that the other part lends."""
        mine = asyncio.Event()
        self.waiting[tier].append(mine)
        self.admit()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await mine.wait()
        except TimeoutError:
            if mine in self.waiting[tier]:
                self.waiting[tier].remove(mine)
                raise Refused(503, "no place", PATIENCE_S) from None

    def admit(self) -> None:
        """Slots go to whose part has room, and if there is nobody, to whoever waits."""
        while sum(self.working.values()) < SLOTS and any(self.waiting.values()):
            have = [tier for tier, line in self.waiting.items() if line]
            tier = min(have, key=lambda one: self.working[one] / PARTS[one])
            self.working[tier] += 1
            self.waiting[tier].popleft().set()
