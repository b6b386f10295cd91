"""Approve or decline a payment."""

from __future__ import annotations

from typing import Any

from scorer import Scorer
from table import Table

REALTIME = False  # Jo's branch: ask for each payment. Too dear, and it hung when the scorer did
DECLINE_FROM = 0.5


class Decide:
    def __init__(self, scorer: Scorer, table: Table) -> None:
        self.scorer = scorer
        self.table = table

    async def decide(self, payment: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """The answer, and what it rests on."""
        if REALTIME:
            row: dict[str, Any] | None = await self.scorer.score(payment["card"])
            source = "scorer"
        else:
            row = self.table.get(payment["card"])
            source = "table" if row else "nothing"
        if row is None:  # not in the table: a new card, most likely
            return self.answer("approve", None, None), source
        decision = "decline" if row["score"] >= DECLINE_FROM else "approve"
        return self.answer(decision, row["score"], row["receipt"]), source

    def answer(self, decision: str, score: float | None, receipt: str | None) -> dict[str, Any]:
        as_of = f"{self.table.date}T00:00:00Z" if self.table.date else None
        return {"decision": decision, "score": score, "as_of": as_of, "stale": as_of is None, "receipt": receipt}
