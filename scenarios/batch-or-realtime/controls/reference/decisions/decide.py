"""Approve or decline a payment: by the table, and by the scorer where the table may not know."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Any

from scorer import Scorer, ScorerError
from table import Table

DECLINE_FROM = 0.5
WAIT_S = 0.12
HIGH = 150.0  # an amount for which a stale score is not good enough
FRESH = timedelta(hours=24)


class Decide:
    def __init__(self, scorer: Scorer, table: Table) -> None:
        self.scorer = scorer
        self.table = table

    async def decide(self, payment: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """The answer, and what it rests on."""
        row, source = self.table.get(payment["card"]), "table"
        if row is None or payment["signals"] or (stale(row, payment) and payment["amount"] >= HIGH):
            with contextlib.suppress(ScorerError):
                row, source = await self.scorer.score(payment["card"], WAIT_S), "scorer"
        if row is None:
            nothing = {"score": None, "as_of": None, "stale": True, "receipt": None}
            return {"decision": "approve", **nothing}, "nothing"
        decision = "decline" if row["score"] >= DECLINE_FROM else "approve"
        said = {key: row[key] for key in ("score", "as_of", "receipt")}
        return {"decision": decision, **said, "stale": stale(row, payment)}, source


def stale(row: dict[str, Any], payment: dict[str, Any]) -> bool:
    """Whether a score was a day old at the time of a payment."""
    return datetime.fromisoformat(payment["at"]) - datetime.fromisoformat(row["as_of"]) > FRESH
