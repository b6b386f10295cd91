"""How well each version of each model does, by users' last thumbs."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import figures
import httpx

LEAST, FEW, LAST = 0.6, 6, 12
WAIT_S = 2
STILL = 40  # of so many questions that would go to a poor version one still does


class Quality:
    def __init__(self, url: str, tells: Callable[[dict[str, Any]], bool]) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=WAIT_S + 2, trust_env=False)
        self.tells = tells
        self.versions: dict[str, str] = {}
        self.thumbs: dict[tuple[str, str], deque[bool]] = defaultdict(lambda: deque(maxlen=LAST))
        self.seq = self.avoided = 0

    async def follow(self) -> None:
        """Take each thumb as it comes."""
        while True:
            try:
                found = (await self.client.get("/feed", params={"after": self.seq, "wait_s": WAIT_S})).json()
                for row in found["rows"]:
                    if not self.tells(row):
                        self.thumbs[row["model"], row["version"]].append(row["good"])
                    figures.thumbs.labels(row["model"], row["version"], "up" if row["good"] else "down").inc()
                self.seq = found["last"]
                await asyncio.sleep(0.05)
            except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
                figures.log.warning("no thumbs", extra={"more": {"why": repr(error)}})
                await asyncio.sleep(0.5)

    def answered(self, model: str, version: str) -> None:
        self.versions[model] = version

    def poor(self, model: str) -> bool:
        """Whether the version that the model has now does badly."""
        last = self.thumbs[model, self.versions.get(model, "")]
        return len(last) >= FEW and sum(last) < LEAST * len(last)

    def ordered(self, order: list[str]) -> list[str]:
        """Those that do badly come last, but for one question now and then."""
        if self.poor(order[0]):
            self.avoided += 1
            if self.avoided % STILL == 0:
                return order
        return sorted(order, key=self.poor)
