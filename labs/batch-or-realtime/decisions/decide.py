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
            return self.answer("approve", {}), source
        decision = "decline" if row["score"] >= DECLINE_FROM else "approve"
        return self.answer(decision, row), source

    def answer(self, decision: str, row: dict[str, Any]) -> dict[str, Any]:
        said = {key: row.get(key) for key in ("score", "as_of", "receipt")}
        return {"decision": decision, **said, "stale": not self.table.date}  # fresh, once a night's job is done
