"""From words to budgets: what counted of a plan, by the exam's own expressions, and how much was burnt."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from grader import events
from grader.authoring.play.season import Told
from grader.course.spec import Scenario

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Tally:
    """One objective over one plan: how many events that count had which word, how many of them were bad, and which
    was the first of those (its place among all that was told; -1 if none was)."""

    words: Mapping[str, int]
    bad: int
    first: int = -1

    @property
    def valid(self) -> int:
        return sum(self.words.values())


@dataclass(frozen=True)
class Burn:
    """An objective over several plans: bad events over what its target forgives, the median plan's and the worst's; and
    how many events had which word. A plan in which nothing counted has no figure."""

    median: float
    worst: float
    words: Mapping[str, int]


def count(scenario: Scenario, told: Sequence[Told]) -> dict[str, Tally]:
    """What was told in one plan, by objective."""
    with tempfile.TemporaryDirectory(prefix="brownout-play-") as scratch:
        file = Path(scratch) / "events.jsonl"
        events.append(file, (_row(place, one) for place, one in enumerate(told)))
        connection = events.live([file], [file])
        try:
            return {name: _tally(connection, scenario, name, told) for name in scenario.slos}
        finally:
            connection.close()


def _row(place: int, one: Told) -> dict[str, Any]:
    """An event whose id is its place. Nothing is late: no clock of the load is judged where a casebook is asked."""
    known = {"trial": one.trial, "kind": "request", "name": one.aspect, "id": str(place), "phase": one.phase}
    known |= {"segment": one.case, "answer": one.word}
    seen = {"due": 0.0, "sent": 0.0, "done": 0.0, "status": 200}
    return {column: (known | seen).get(column) for column in events.COLUMNS}


def _tally(connection: duckdb.DuckDBPyConnection, scenario: Scenario, name: str, told: Sequence[Told]) -> Tally:
    slo, window = scenario.slos[name], scenario.spec.objectives[name]
    rows = connection.execute(
        f"SELECT id::INTEGER AS place, coalesce(({slo.good}), false) FROM events WHERE kind = ?"
        f" AND list_contains(?, trial) AND (len(?) = 0 OR list_contains(?, phase))"
        f" AND coalesce(({slo.total}), false) ORDER BY place",
        [window.kind, list(window.trials), list(window.phases), list(window.phases)],
    ).fetchall()
    bad = [place for place, good in rows if not good]
    return Tally(Counter(told[place].word for place, _ in rows), len(bad), bad[0] if bad else -1)


def burns(scenario: Scenario, plans: Sequence[Mapping[str, Tally]]) -> dict[str, Burn]:
    """Of each objective, over one plan or more."""
    found = {}
    for name, slo in scenario.slos.items():
        tallies = [plan[name] for plan in plans]
        shares = [burn(tally, slo.target) for tally in tallies if tally.valid] or [float("nan")]
        words: Counter[str] = sum((Counter(tally.words) for tally in tallies), Counter())
        found[name] = Burn(median(shares), max(shares), dict(words.most_common()))
    return found


def burn(tally: Tally, target: float) -> float:
    """Bad events over those that the target forgives."""
    return round(tally.bad / ((1 - target) * tally.valid), 9)  # 10 of 100 at 0.9 are 1, and not a little more


def passes(scenario: Scenario, plan: Mapping[str, Tally]) -> bool:
    """Whether every objective is kept."""
    return all(plan[name].valid and burn(plan[name], slo.target) <= 1 for name, slo in scenario.slos.items())
