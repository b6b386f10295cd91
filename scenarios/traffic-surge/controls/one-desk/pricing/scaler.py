"""Replicas for the large model, by the calls that it would get. CPU says nothing: this service only waits."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque

import figures
import httpx
from demand import Demand
from desk import Desk
from models import LARGE_S

EVERY_S = 0.1
TARGET_BUSY = 0.78
LEAST, MOST = 3, 14
STEADY_S = 1.0  # up at once, down only to the most that was needed in this time
SCALE = "/apis/apps/v1/namespaces/lab/deployments/large/scale"


class Scaler:
    def __init__(self, url: str, demand: Demand, desk: Desk) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=0.5, trust_env=False)
        self.demand, self.desk = demand, desk
        self.needs: deque[tuple[float, int]] = deque()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except (httpx.HTTPError, ValueError, KeyError) as error:
                figures.log.warning("the scaler has no answer", extra={"why": repr(error)})

    async def look(self) -> None:
        """Ask for what is needed, and learn how many work."""
        rate = self.demand.rate()
        wanted = self.wanted(rate)
        figures.demand.set(rate)
        large = (await self.client.get("/stats")).raise_for_status().json()["models"]["large"]
        self.desk.replicas = max(1, int(large["there"]))
        self.desk.serve()
        if wanted != large["wanted"]:
            figures.log.info(f"{rate:.0f} calls a second: scaling to {wanted}", extra={"replicas": large["wanted"]})
            (await self.client.patch(SCALE, json={"spec": {"replicas": wanted}})).raise_for_status()

    def wanted(self, rate: float) -> int:
        now = time.monotonic()
        need = max(LEAST, min(MOST, math.ceil(rate * LARGE_S / TARGET_BUSY)))
        self.needs.append((now, need))
        while now - self.needs[0][0] > STEADY_S:
            self.needs.popleft()
        return max(need for _, need in self.needs)
