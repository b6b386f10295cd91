"""The models. The large one has a window of calls that grows with each answer and is halved when two in a row fail."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any

import httpx

CALL_S = 0.14
WAIT_S = {"premium": 0.2, "basic": 0.0}  # what may wait before the large model
SMALL_OPEN = 8  # it does two at once, so the last of these is answered after 0.12 s
DEADLINE_S = 0.4
LATELY_S = 0.6
FAILED = (httpx.HTTPError, ValueError, TimeoutError)


class Small:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=DEADLINE_S, trust_env=False)
        self.open = 0

    async def ask(self, trip: dict[str, Any]) -> dict[str, Any]:
        """Its price; raises what is in FAILED."""
        if self.open >= SMALL_OPEN:
            raise TimeoutError("it would be late")
        self.open += 1
        try:
            return await self.told(trip)
        finally:
            self.open -= 1

    async def told(self, trip: dict[str, Any]) -> dict[str, Any]:
        response = (await self.client.post("/v1/score", json=trip)).raise_for_status()
        found: dict[str, Any] = response.json()
        return found


class Large(Small):
    def __init__(self, url: str, there: int) -> None:
        super().__init__(url)
        self.there, self.window = there, float(there)
        self.failed = 0
        self.asked: deque[tuple[float, bool]] = deque()  # when, and whether there were too few replicas

    def takes(self, plan: str) -> bool:
        """Whether a call of this plan would get its slot in time."""
        each = 1 + WAIT_S.get(plan, 0.0) / CALL_S
        self.asked.append((time.monotonic(), self.open >= self.there * each))
        return self.open < min(self.there, int(self.window)) * each

    def lately(self) -> tuple[int, int]:
        """How many wanted it in the last moment, and how many of them found no place."""
        while self.asked and self.asked[0][0] < time.monotonic() - LATELY_S:
            self.asked.popleft()
        return len(self.asked), sum(missed for _, missed in self.asked)

    async def ask(self, trip: dict[str, Any]) -> dict[str, Any]:
        self.open += 1
        try:
            async with asyncio.timeout(DEADLINE_S):
                answer = await self.told(trip)
        except FAILED:
            self.failed += 1
            if self.failed >= 2:
                self.window, self.failed = max(1.0, self.window / 2), 0
            raise
        else:
            self.window, self.failed = min(self.there, self.window + 1), 0
            return answer
        finally:
            self.open -= 1
