"""Keeps scores young: all day it fetches those of before the last midnight, the oldest first."""

from __future__ import annotations

import asyncio

import figures
import httpx
from rows import Rows
from scorer import Scorer, ScorerError

MANY, FEW = 200, 5
REST_S = 0.12


class Refresher:
    def __init__(self, scorer: Scorer, rows: Rows) -> None:
        self.scorer = scorer
        self.rows = rows
        self.midnight = ""
        self.cards: list[str] = []
        self.news = asyncio.Event()
        self.worker: asyncio.Task[None] | None = None

    def begin(self, date: str) -> None:
        """A day begins: scores of before are to be fetched anew."""
        self.midnight = f"{date}T00:00:00Z"
        self.cards = []
        self.news.set()
        if self.worker is None:
            self.worker = asyncio.create_task(self.work())

    async def work(self) -> None:
        well = True
        while True:
            await self.news.wait()
            try:
                well = await self.step(MANY if well else FEW)
            except (ScorerError, httpx.HTTPError, KeyError, ValueError) as error:
                figures.log.warning("no scores", extra={"date": self.midnight, "why": repr(error)})
                well = False
            figures.nights.labels("step" if well else "failed step").inc()
            if not well:
                await asyncio.sleep(REST_S)

    async def step(self, many: int) -> bool:
        """Fetch the oldest; whether they are younger now."""
        midnight = self.midnight
        cards = self.cards or await self.scorer.cards(midnight[:10])
        if midnight == self.midnight:
            self.cards = cards
        old = sorted((card for card in cards if self.rows.as_of(card) < midnight), key=self.rows.as_of)
        if not old:
            if midnight == self.midnight:
                self.news.clear()
            return True
        rows = await self.scorer.batch(old[:many])
        self.rows.take(rows)
        return bool(rows) and all(row["as_of"] >= midnight for row in rows)
