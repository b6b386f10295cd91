"""The routing policy, as the data team publishes it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

import figures
import httpx
from features import buckets

EVERY_S = 0.5


class Policies:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=5.0, trust_env=False)
        self.version = 0
        self.policy: dict[str, Any] = {}

    async def follow(self) -> None:
        """Look for a newer one now and then."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.refresh()
            except httpx.HTTPError as error:
                figures.log.warning("no policies", extra={"more": {"why": repr(error)}})

    async def refresh(self) -> None:
        """Take the newest policy."""
        there = (await self.client.get("/policies")).json()
        newest = there["offered"] or there["current"]
        if newest == self.version:
            return
        self.policy = (await self.client.get(f"/policies/{newest}")).json()
        self.version = newest
        figures.log.info("new policy", extra={"more": {"policy": newest}})

    def choice(self, text: str, poor: Collection[str]) -> str:
        """The model with the highest score, of those that do well."""
        found = buckets(text, self.policy["buckets"])
        scores: dict[str, int] = {}
        for model, row in self.policy["models"].items():
            score = row["bias"] + sum(row["weights"][bucket] for bucket in found)
            scores[model] = round(1000 * score)
        left = [model for model in scores if model not in poor] or list(scores)
        return max(left, key=lambda model: scores[model])
