"""Replicas in proportion: as many times more as calls were wanted for each that could be made; the least once idle."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque

import figures
import httpx
from models import CALL_S, LATELY_S, Large

EVERY_S = 0.2
PRESSED = 0.15  # the share that may find no place
LOOKS = 3  # in a row; the least of them counts, so that no burst of a moment does
IDLE, IDLE_S = 0.35, 1.2
LEAST, MOST = 3, 14
SCALE = "/apis/apps/v1/namespaces/lab/deployments/large/scale"


class Scaler:
    def __init__(self, url: str, large: Large) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=1.0, trust_env=False)
        self.large = large
        self.busy_at = time.monotonic()
        self.needed: deque[int] = deque([0] * LOOKS, LOOKS)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except (httpx.HTTPError, ValueError, KeyError) as error:
                figures.log.warning("the scaler has no answer", extra={"why": repr(error)})

    async def look(self) -> None:
        stats = (await self.client.get("/stats")).json()["models"]["large"]
        self.large.there, wanted = stats["there"], stats["wanted"]
        asked, missed = self.large.lately()
        pressed = missed > PRESSED * asked
        figures.pressed.set(pressed)
        now = time.monotonic()
        if pressed or asked * CALL_S > IDLE * self.large.there * LATELY_S:
            self.busy_at = now
        self.needed.append(math.ceil(self.large.there * asked / max(1, asked - missed)) if pressed else 0)
        wanted = max(wanted, min(MOST, *self.needed))
        if now - self.busy_at > IDLE_S:
            wanted = LEAST
        if wanted != stats["wanted"]:
            (await self.client.patch(SCALE, json={"spec": {"replicas": wanted}})).raise_for_status()
            figures.log.info(f"scaled to {wanted}", extra={"replicas": stats["wanted"]})
