"""Replicas for the large model: our horizontal pod autoscaler, with its usual rule."""

from __future__ import annotations

import asyncio
import math
import time

import figures
import httpx

EVERY_S = 1.0
TARGET_CPU = 0.7
LEAST, MOST = 3, 14
TOLERANCE = 0.1
SCALE = "/apis/apps/v1/namespaces/lab/deployments/large/scale"


class Scaler:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=1.0, trust_env=False)
        self.used, self.at = time.process_time(), time.monotonic()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except (httpx.HTTPError, ValueError, KeyError) as error:
                figures.log.warning("the scaler has no answer", extra={"why": repr(error)})

    async def look(self) -> None:
        """As many replicas as bring the CPU to its target."""
        cpu = self.cpu()
        figures.cpu.set(cpu)
        replicas = (await self.client.get(SCALE)).json()["spec"]["replicas"]
        ratio = cpu / TARGET_CPU
        wanted = replicas if abs(ratio - 1) < TOLERANCE else math.ceil(replicas * ratio)
        wanted = max(LEAST, min(MOST, wanted))
        action = "no action needed" if wanted == replicas else f"scaling to {wanted}"
        figures.log.info(f"cpu {cpu:.0%} of a core, target {TARGET_CPU:.0%}: {action}", extra={"replicas": replicas})
        if wanted != replicas:
            await self.client.patch(SCALE, json={"spec": {"replicas": wanted}})

    def cpu(self) -> float:
        """The share of a core that this service has used since the last look."""
        used, now = time.process_time(), time.monotonic()
        share = (used - self.used) / max(now - self.at, 0.001)
        self.used, self.at = used, now
        return share
