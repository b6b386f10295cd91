"""What the router knows: rules in force, a comparison under way, and how models do."""

from __future__ import annotations

import asyncio
from typing import Any

import figures
import httpx
from compare import Comparison, Drawn
from models import URLS
from rules import Rules, read
from watch import Watch

EVERY_S = 0.2
BROKEN = (ValueError, TypeError, LookupError, AttributeError, httpx.HTTPError)


class Brain:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=3.0, trust_env=False)
        self.watch = Watch()
        self.rules: Rules | None = None
        self.comparison: Comparison | None = None
        self.logged: dict[str, Drawn] = {}
        self.day = self.last = self.seq = 0

    async def look(self) -> None:
        """At the data team's list."""
        there = (await self.client.get("/policies")).json()
        if there["current"] != self.day:
            self.rules = await self.read(there["current"])
            self.day, self.last, self.comparison = there["current"], 0, None
        if there["offered"] and there["offered"] != self.last:
            self.last, self.comparison = there["offered"], None
            assert self.rules is not None
            self.comparison = Comparison(self.rules, await self.read(self.last))

    async def read(self, version: int) -> Rules:
        return read((await self.client.get(f"/policies/{version}")).json(), set(URLS))

    def order(self, ticket: str, text: str) -> list[str]:
        """Models for this question."""
        assert self.rules is not None
        if self.comparison is None:
            return self.watch.up(self.rules.ranked(text))
        order, drawn = self.comparison.ask(text)
        if drawn is None:
            return self.watch.up(order)
        self.logged[ticket] = drawn
        return order

    async def looks(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except BROKEN as error:
                figures.log.warning("policies", extra={"more": {"why": repr(error)}})

    async def listens(self) -> None:
        while True:
            try:
                found = (await self.client.get("/feed", params={"after": self.seq, "wait_s": 1})).json()
                self.seq = found["last"]
                for row in found["rows"]:
                    self.hear(row)
                await asyncio.sleep(0.05)
            except BROKEN as error:
                figures.log.warning("thumbs", extra={"more": {"why": repr(error)}})
                await asyncio.sleep(0.3)

    def hear(self, row: dict[str, Any]) -> None:
        drawn = self.logged.pop(row["id"], None)
        if drawn is None:
            self.watch.thumb(row)
            return
        drawn.comparison.thumb(drawn, row)
        if drawn.comparison is not self.comparison or (takes_over := drawn.comparison.verdict()) is None:
            return
        figures.log.info("compared", extra={"more": {"policy": self.last, "takes over": takes_over}})
        self.rules = drawn.comparison.new if takes_over else drawn.comparison.old
        self.comparison = None
