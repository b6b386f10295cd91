"""What history says of a stream: built once from its reference, then only read."""

from __future__ import annotations

from typing import Any

from detectors.distribution import ColumnCharts
from detectors.integrity import IntegrityProfile, usable
from detectors.outcomes import OutcomeMonitor
from model import DayFacts, Notice, seasons
from settings import Settings


class Profile:
    def __init__(self, reference: dict[str, Any], settings: Settings) -> None:
        history = reference.get("days") or []
        season = [seasons(day["date"], day["calendar"])[0] for day in history]
        self.kinds: dict[str, str] = reference["kinds"]
        self.integrity: dict[str, IntegrityProfile] = {}
        self.charts: dict[str, ColumnCharts] = {}
        for name, kind in self.kinds.items():
            columns = [(of, day["columns"][name]) for of, day in zip(season, history, strict=True) if name in day["columns"]]
            good = [(of, usable(kind, values)) for of, values in columns]
            rows = sum(len(values) for _, values in columns)
            self.integrity[name] = IntegrityProfile(kind, good, rows, settings.integrity)
            self.charts[name] = ColumnCharts(kind, good, settings.charts)
        self.outcomes = OutcomeMonitor(history, settings.outcomes)

    def facts(self, notice: Notice, batch: dict[str, Any]) -> DayFacts:
        facts = DayFacts(notice.date, notice.batch)
        columns = batch.get("columns") or {}
        for name, kind in self.kinds.items():
            values = columns.get(name)
            if fault := self.integrity[name].fault(values, notice.seasons):
                facts.faults[name] = fault
            good = usable(kind, values or [])
            if len(good) >= 3 and self.charts[name].ready:
                facts.rows[name] = len(good)
                facts.measures[name] = [round(float(m), 5) for m in self.charts[name].measure(good, notice.seasons)]
        outcomes = batch.get("outcomes")
        if outcomes and (sums := self.outcomes.facts(outcomes)):
            facts.outcomes_of, facts.outcomes = str(outcomes.get("date")), sums
        return facts
