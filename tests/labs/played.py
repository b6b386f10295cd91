"""What plays of an exam share, which do not hold it: a control's code, a drawn trial, and how answers are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from grader.course import catalog
from grader.course.spec import Scenario
from grader.events import COLUMNS
from grader.exam.draw import draw_trial, phase_plans
from grader.intake.controls import stage_control
from grader.judge.record import TrialRecord
from grader.load.api import ANSWER_FAULTS, Request, Traffic
from grader.load.plan import PlannedPhase
from grader.load.schedule import schedule
from grader.load.traffic import make_traffic

SQL = {**COLUMNS, "latency": "DOUBLE"}


class Burn(NamedTuple):
    """What an objective saw: bad events, of how many, which share may be bad, and the words of all."""

    bad: int
    of: int
    budget: float
    words: dict[str, int]

    @property
    def burnt(self) -> float:
        """Times its budget."""
        return self.bad / self.of / self.budget if self.of else float("nan")


class Event(NamedTuple):
    """What objectives may look at: columns of `grader.events`, but `trial` is its kind. `latency` is in seconds."""

    trial: str
    phase: str
    name: str
    segment: str
    status: int
    answer: str
    latency: float
    kind: str = "request"


class Arrival(NamedTuple):
    """Something that is asked: `due` in seconds of trial time, `n` counted from 0."""

    due: float
    phase: str
    n: int
    request: Any


class Trial(NamedTuple):
    """The first sample of a trial, as an exam draws it."""

    record: TrialRecord
    phases: list[PlannedPhase]
    traffic: Traffic

    def arrivals(self) -> Iterator[Arrival]:
        """All in order; a request is made when it is its turn."""
        for due, phase, n in schedule(self.phases, self.record.seed):
            yield Arrival(due, phase, n, self.traffic.request(n))

    def word(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """What the load calls an answer, `wrong` if it cannot tell."""
        try:
            return self.traffic.check(request, status, headers, body)
        except ANSWER_FAULTS:
            return "wrong"


def exam_of(lab: str) -> Scenario:
    """A lab's exam."""
    return catalog.find_scenario(catalog.find_lab(lab))


def staged(exam: Scenario, control: str, scratch: Path) -> Path:
    """A control's code: a copy of the lab's one open folder, below `scratch`."""
    [folder] = exam.lab.spec.open
    return stage_control(exam, control, scratch / control).path / folder


def drawn(exam: Scenario, kind: str, seed: int) -> Trial:
    """A trial of the exam with this seed."""
    record, phases = draw_trial(exam, kind, 0, 1, seed), phase_plans(exam.spec.phases(kind))
    return Trial(record, phases, make_traffic(exam.load_file, dict(record.parameters), record.seed, phases))


def judged(exam: Scenario, events: Iterable[Event]) -> dict[str, Burn]:
    """What each objective saw of these, within its trials and phases."""
    connection = duckdb.connect()
    columns, each = (f"{name} {SQL[name]}" for name in Event._fields), ("unnest(?)" for _ in Event._fields)
    connection.execute(f"CREATE TABLE events ({', '.join(columns)})")
    connection.execute(f"INSERT INTO events SELECT {', '.join(each)}", [*map(list, zip(*events, strict=True))])
    found = {}
    for name, window in exam.spec.objectives.items():
        slo = exam.slos[name]
        phases, trials = (", ".join(map(repr, names)) for names in (window.phases, window.trials))
        where = f"({slo.total}) AND kind = '{window.kind}' AND trial IN ({trials})"
        where += f" AND phase IN ({phases})" if phases else ""
        words, bad = Counter[str](), 0
        for word, many, good in connection.execute(
            f"SELECT answer, count(*), count(*) FILTER (WHERE {slo.good}) FROM events WHERE {where} GROUP BY answer"
        ).fetchall():
            words[word] += many
            bad += many - good
        found[name] = Burn(bad, words.total(), 1 - slo.target, dict(words))
    return found


def shown(burns: Mapping[str, Burn]) -> str:
    """Bad events, all events, and times its budget, of each objective."""
    return " ".join(f"{name} {burn.bad}/{burn.of}={burn.burnt:.2f}" for name, burn in burns.items())
