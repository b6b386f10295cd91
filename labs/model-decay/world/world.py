"""Halden Heat: ninety days of its depots, region by region, and whether the keeper's models are fit for them."""

from __future__ import annotations

from datetime import date, timedelta

import pictures
from casebook.shapes import fits
from depots import HISTORY, LATE, Depot
from pages import page_of
from record import Record

ANSWER_S = 10
PATIENCE = 3
"""After so many late answers in a row nobody asks about that region any more, and nothing changes there."""


class World:
    """A lane is a region: its depots' days pass together."""

    def __init__(self, plan):
        self._first = date.fromisoformat(plan["first"])
        self._days = plan["days"]
        self.records = {case["id"]: Record(Depot(plan["seed"], case)) for case in plan["cases"]}
        self._cases = {case["id"]: case for case in plan["cases"]}
        regions = dict.fromkeys(case["region"] for case in plan["cases"])
        self.lanes = [(name, [c for c in plan["cases"] if c["region"] == name]) for name in regions]

    def page(self, what):
        """The depots, or one of them."""
        return page_of(self._cases, self.records, what)

    def pictures(self):
        """How fit the live models are, and seasons of depots."""
        return pictures.of(self._cases, self.records)

    async def play(self, lane, on):
        """A region's season."""
        region, cases = lane
        depots = {case["id"]: begun(self.records[case["id"]].depot) for case in cases}
        reply = await on.ask("keeper", "POST", "/begin", {"region": region, "depots": depots}, ANSWER_S)
        late = int(reply.late)
        for day in range(self._days):
            said = {}
            if late < PATIENCE:
                reply = await on.ask("keeper", "POST", "/day", self._asked(region, cases, day), ANSWER_S)
                late = late + 1 if reply.late else 0
                said = {} if reply.bad({"deploy": {}, "accuracy": {}}) else reply.json
            for case in cases:
                record = self.records[case["id"]]
                record.play(day, of(said, "deploy", case["id"]), of(said, "accuracy", case["id"]))
                for aspect in [aspect for aspect, days in case["judged"].items() if day in days]:
                    on.tell(case["id"], aspect, *record.word(aspect))

    def _asked(self, region, cases, day):
        depots = {case["id"]: outcomes(self.records[case["id"]].depot, day - LATE) for case in cases}
        return {"region": region, "day": day, "date": str(self._first + timedelta(days=day)), "outcomes": depots}


def of(said, key, depot):
    """What an answer says of a depot under a key."""
    return said[key].get(depot) if fits(said.get(key), {}) else None


def begun(depot):
    """What the keeper is given of a depot at first: the live model and a month of outcomes."""
    intercept, *coef = depot.first_model.round(3).tolist()
    history = [outcomes(depot, day) for day in range(-HISTORY - LATE, -LATE)]
    return {"model": {"intercept": intercept, "coef": coef}, "history": history}


def outcomes(depot, day):
    """What became of a day's call-outs: what the agency typed, and what the foreman saw."""
    happened = depot.day(day)
    return {
        "day": day,
        "rows": happened.rows.tolist(),
        "label": happened.typed.tolist(),
        "audited": happened.audited.tolist(),
        "audit": happened.true[happened.audited].tolist(),
    }
