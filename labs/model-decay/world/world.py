"""Halden Heat: ninety days of its depots, region by region, and whether the keeper's models are fit for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pictures
from casebook.shapes import fits
from depots import HISTORY, LATE, Depot, DepotCase, SeasonOf, Seasons
from pages import page_of
from record import Record

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture

ANSWER_S = 10
PATIENCE = 3
"""After so many late answers in a row nobody asks about that region any more, and nothing changes there."""


Lane = list[tuple[SeasonOf, list[DepotCase]]]


class World:
    """A lane is a region, and its seasons in order: its depots' days pass together."""

    def __init__(self, plan: Seasons) -> None:
        self._days = plan["days"]
        self.records = {case["id"]: Record(Depot(plan["seed"], case)) for case in plan["cases"]}
        self._cases = {case["id"]: case for case in plan["cases"]}
        regions: dict[str, Lane] = {}
        for at, season in enumerate(plan["seasons"]):
            cases = [case for case in plan["cases"] if case["season"] == at]
            regions.setdefault(season["region"], []).append((season, cases))
        self.lanes = list(regions.values())

    def page(self, what: str) -> Html:
        """The depots, or one of them."""
        return page_of(self._cases, self.records, what)

    def pictures(self) -> Iterable[Picture]:
        """How fit the live models are, and seasons of depots."""
        return pictures.of(self._cases, self.records)

    async def play(self, lane: Lane, on: On) -> None:
        """A region's seasons."""
        late = 0
        for season, cases in lane:
            late = await self._season(season, cases, late, on)

    async def _season(self, season: SeasonOf, cases: list[DepotCase], late: int, on: On) -> int:
        """One of them; how many answers in a row were late at its end."""
        depots = {case["depot"]: begun(self.records[case["id"]].depot) for case in cases}
        if late < PATIENCE:
            reply = await on.ask("keeper", "POST", "/begin", {"region": season["region"], "depots": depots}, ANSWER_S)
            late = late + 1 if reply.late else 0
        for day in range(self._days):
            said: dict[str, Any] = {}
            if late < PATIENCE:
                reply = await on.ask("keeper", "POST", "/day", self._asked(season, cases, day), ANSWER_S)
                late = late + 1 if reply.late else 0
                said = {} if reply.bad({"deploy": {}, "accuracy": {}}) else reply.json
            for case in cases:
                record = self.records[case["id"]]
                record.play(day, of(said, "deploy", case["depot"]), of(said, "accuracy", case["depot"]))
                for aspect in [aspect for aspect, days in case["judged"].items() if day in days]:
                    on.tell(case["id"], aspect, *record.word(aspect))
        return late

    def _asked(self, season: SeasonOf, cases: list[DepotCase], day: int) -> dict[str, Any]:
        depots = {case["depot"]: outcomes(self.records[case["id"]].depot, day - LATE) for case in cases}
        today = date.fromisoformat(season["first"]) + timedelta(days=day)
        return {"region": season["region"], "day": day, "date": str(today), "outcomes": depots}


def of(said: dict[str, Any], key: str, depot: str) -> Any:
    """What an answer says of a depot under a key."""
    return said[key].get(depot) if fits(said.get(key), {}) else None


def begun(depot: Depot) -> dict[str, Any]:
    """What the keeper is given of a depot at first: the live model and a month of outcomes."""
    intercept, *coef = depot.first_model.round(3).tolist()
    history = [outcomes(depot, day) for day in range(-HISTORY - LATE, -LATE)]
    return {"model": {"intercept": intercept, "coef": coef}, "history": history}


def outcomes(depot: Depot, day: int) -> dict[str, Any]:
    """What became of a day's call-outs: what the agency typed, and what the foreman saw."""
    happened = depot.day(day)
    return {
        "day": day,
        "rows": happened.rows.tolist(),
        "label": happened.typed.tolist(),
        "audited": happened.audited.tolist(),
        "audit": happened.true[happened.audited].tolist(),
    }
