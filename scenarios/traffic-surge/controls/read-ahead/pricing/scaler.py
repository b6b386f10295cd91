"""Replicas for the large model, by the calls that are wanted of it.

Not by our CPU, which waits while prices wait, and not by the calls that the model answers: these stay low exactly when
it is short of replicas or down.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque

import figures
import httpx
from demand import Demand
from models import Model

EVERY_S = 0.1
CALL_S = 0.15  # 0.14 s of work and the way there
TARGET = 0.75  # the share of its time that a replica should work
LEAST, MOST = 3, 14
STEADY_S = 1.1  # fewer replicas only after the demand was low for so long
SLACK = 0.8  # and only if it is worth it: each that goes and comes back is away for two seconds
SCALE = "/apis/apps/v1/namespaces/lab/deployments/large/scale"


class Scaler:
    def __init__(self, url: str, demand: Demand, large: Model) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=0.5, trust_env=False)
        self.demand, self.large = demand, large
        self.needs: deque[tuple[float, int]] = deque()

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except (httpx.HTTPError, ValueError, KeyError) as error:
                figures.log.warning("the scaler has no answer", extra={"why": repr(error)})
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        """Give the large model's places their number, and ask for as many replicas as were needed lately at most."""
        now, stats = time.monotonic(), (await self.client.get("/stats")).json()["models"]["large"]
        wanted, there = int(stats["wanted"]), int(stats["there"])
        if not self.needs:
            self.needs.append((now, wanted))  # after a restart we know nothing: what there is stays for a moment
        rate = self.demand.a_second()
        self.needs.append((now, max(LEAST, min(MOST, math.ceil(rate * CALL_S / TARGET)))))
        while self.needs[0][0] < now - STEADY_S:
            self.needs.popleft()
        need = max(n for _, n in self.needs)
        if SLACK * wanted < need < wanted:
            need = wanted
        self.large.slots.resize(max(1, min(there, need)))
        figures.demand.set(rate)
        if need != wanted:
            figures.log.info(f"demand {rate:.0f} calls/s: from {wanted} to {need} replicas", extra={"replicas": need})
            (await self.client.patch(SCALE, json={"spec": {"replicas": need}})).raise_for_status()
