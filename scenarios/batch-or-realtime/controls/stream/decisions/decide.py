"""Approve or decline a payment by the youngest score that can be had in time."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import Any

from rows import Rows
from scorer import Scorer, ScorerError
from worth import Worth

DECLINE_FROM = 0.5
WAIT_S = 0.1
MOST_OPEN = 12
DAY = timedelta(days=1)


class Decide:
    def __init__(self, scorer: Scorer, rows: Rows) -> None:
        self.scorer = scorer
        self.rows = rows
        self.worth = Worth()
        self.open: set[asyncio.Task[None]] = set()

    async def decide(self, payment: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """The answer, and what it rests on."""
        card = payment["card"]
        before = self.rows.get(card)
        if self.worth.buys(payment, before) and len(self.open) < MOST_OPEN:
            call = asyncio.create_task(self.fetch(card))
            self.open.add(call)
            call.add_done_callback(self.open.discard)
            await asyncio.wait([call], timeout=WAIT_S)  # it goes on, and the next payment has its score
        row = self.rows.get(card)
        if row is None:
            none = {"score": None, "as_of": None, "stale": True, "receipt": None}
            return {"decision": "approve", **none}, "nothing"
        age = datetime.fromisoformat(payment["at"]) - datetime.fromisoformat(row["as_of"])
        said = {key: row[key] for key in ("score", "as_of", "receipt")}
        decision = "decline" if row["score"] >= DECLINE_FROM else "approve"
        return {"decision": decision, **said, "stale": age > DAY}, "table" if row is before else "scorer"

    async def fetch(self, card: str) -> None:
        with contextlib.suppress(ScorerError, KeyError):
            self.rows.take([await self.scorer.score(card)])
