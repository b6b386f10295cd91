"""Readings: what may go to the model, and what comes back."""

from __future__ import annotations

from typing import Any

import bodies
from exchange import Exchange, UnknownCommodity

SCANS = 3


class Readings:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.graded: dict[str, list[str]] = {}  # the first grades of each lot

    async def answer(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """The status and the answer; whatever is refused or flagged is in the vault by then."""
        what, wrong = bodies.parsed(body)
        wrong = wrong or bodies.fault(what)
        grade = flag = None
        if not wrong:
            try:
                grade, flag = await self.graded_or_flagged(what["lot"], what["commodity"], what["bands"])
            except UnknownCommodity:
                wrong = "no such commodity"
        if wrong or flag:
            reason = wrong or flag or ""
            await self.exchange.record(bodies.text(what, "lot"), bodies.text(what, "supplier"), body, reason)
        if wrong:
            return 422, {"error": wrong}
        return 200, {"grade": grade, "flag": flag}

    async def graded_or_flagged(self, lot: str, commodity: str, bands: list[float]) -> tuple[str, str | None]:
        strange = str((await self.exchange.grain(commodity)).strange([bands])[0])
        grade = await self.exchange.grade(commodity, bands)
        if strange:
            return grade, strange
        return self.capped(lot, grade), None

    def capped(self, lot: str, grade: str) -> str:
        """After its first scans a lot gets no better grade than it has had; A is the smallest letter."""
        had = self.graded.setdefault(lot, [])
        if len(had) < SCANS:
            had.append(grade)
            return grade
        return max(grade, min(had))
