"""How well each model does, by users' thumbs."""

from __future__ import annotations

import asyncio

import figures
import httpx

LEAST = 0.7
WAIT_S = 5


class Quality:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=WAIT_S + 5, trust_env=False)
        self.good: dict[str, int] = {}
        self.all: dict[str, int] = {}
        self.seq = 0

    async def follow(self) -> None:
        """Begin with what is known since January, and add each thumb as it comes."""
        while True:
            try:
                if not self.all:
                    for model, known in (await self.client.get("/thumbs")).json().items():
                        self.good[model], self.all[model] = known["good"], known["of"]
                found = (await self.client.get("/feed", params={"after": self.seq, "wait_s": WAIT_S})).json()
            except (httpx.HTTPError, ValueError) as error:
                figures.log.warning("no thumbs", extra={"more": {"why": repr(error)}})
                await asyncio.sleep(1)
                continue
            for row in found["rows"]:
                self.all[row["model"]] += 1
                self.good[row["model"]] += row["good"]
                figures.thumbs.labels(row["model"], "up" if row["good"] else "down").inc()
            self.seq = found["last"]

    def poor(self) -> list[str]:
        """Models that do too badly to be asked."""
        return [model for model, many in self.all.items() if self.good[model] < LEAST * many]
