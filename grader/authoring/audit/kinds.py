"""Sacrifice of what a plan or a load tells apart: a kind of case, a region, what happens on a day, a product.

What an exam asks about is drawn. So each of some draws is judged as the reference would be if all requests that share a
fact were bad.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader import events
from grader.authoring.audit.bounds import Bounds
from grader.authoring.audit.draws import Drawn
from grader.authoring.audit.findings import Finding, percent, some
from grader.authoring.audit.strata import PAST, Fact, case_of, facts, moment_of, said_of
from grader.course.spec import Scenario

OFTEN = 0.25
"""Of draws: a cut that passes in fewer of them is luck."""

FEW, MOST, NAMES = 12, 24, 8
"""So many kinds a number may stand for, or a text, or a name that is drawn; whatever has more values is too fine."""

MOSTLY = 0.9
EVERY = "*"
DRAWN = "a drawn one"


@dataclass
class Asked:
    """What is asked in one exam, by objective: in all, and about cases with each fact."""

    all: Counter[str] = field(default_factory=Counter)
    of: dict[str, Counter[Fact]] = field(default_factory=lambda: defaultdict(Counter))

    def about(self, objective: str) -> Counter[Fact]:
        """What is asked about cases with each fact."""
        return self.of.get(objective, Counter())


def kinds_given_up(
    scenario: Scenario, drawn: Sequence[Drawn], rates: Mapping[str, tuple[float, float]]
) -> Iterator[Finding]:
    """Kinds of cases that can be given up, a finding for each objective and attribute.

    Args:
        scenario: the exam.
        drawn: trials of some exams.
        rates: of each objective, how many of the questions count, and how many of those the reference has right.
    """
    asked = _renamed([_asked(scenario, group) for group in _by_exam(drawn)])
    bounds = Bounds(scenario.spec, len(scenario.slos))
    for slo in scenario.slos.values():
        count, right = rates[slo.id]
        passed: Counter[Fact] = Counter()
        shares: dict[Fact, list[float]] = defaultdict(list)
        for one in asked:
            whole = one.all[slo.id]
            for fact, part in one.about(slo.id).items():
                if 0 < part < whole:
                    shares[fact].append(part / whole)
                    passed[fact] += bounds.passes((whole - part) * count * right, whole * count, slo.target)
        yield from _told(scenario, slo.id, len(asked), passed, shares)


def rates(
    scenario: Scenario, held: Sequence[Drawn], counts: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[float, float]]:
    """Of each objective, how many of the planned questions counted in a recorded pass, and how many of these were good.

    Args:
        scenario: the exam.
        held: the trials of the recorded pass.
        counts: good and valid events of each objective in it.
    """
    asked = _asked(scenario, held)
    return {
        name: (min(1.0, valid / max(1, asked.all[name])), good / max(1, valid))
        for name, (good, valid) in counts.items()
    }


def _renamed(asked: Sequence[Asked]) -> Sequence[Asked]:
    """Names that are drawn anew for each exam stand for one another: of each attribute the one that is asked about
    least is what could be given up."""
    exams = Counter(fact for one in asked for fact in {fact for of in one.of.values() for fact in of})
    for one in asked:
        for of in one.of.values():
            for attribute in {fact[0] for fact in of if exams[fact] == 1 < len(asked)}:
                drawn = [fact for fact in of if fact[0] == attribute and exams[fact] == 1]
                least, few = min(of[fact] for fact in drawn), len(drawn) <= NAMES
                for fact in drawn:
                    del of[fact]
                if few:
                    of[attribute, DRAWN] = least
    return asked


def _told(
    scenario: Scenario, objective: str, exams: int, passed: Counter[Fact], shares: Mapping[Fact, Sequence[float]]
) -> Iterator[Finding]:
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact, times in passed.items():
        if times >= max(OFTEN * exams, min(2, exams)):
            groups[fact[0]].append(fact)
    for attribute, group in groups.items():
        group.sort(key=lambda fact: -sum(shares[fact]) / len(shares[fact]))
        worst = group[0]
        share = sum(shares[worst]) / len(shares[worst])
        names = [value for _, value in group]
        yield Finding(
            f"sacrifice/{objective}/{attribute}",
            f"`{objective}`: {'any one' if len(group) > 1 else 'a'} `{attribute}` ({some(names)}) can be given up: "
            f"{worst[1]} is {percent(share)} of its events; with these bad {passed[worst]} of {exams} draws pass.",
            objective,
            scenario.spec.objectives[objective].trials,
            tuple(names),
            share,
        )


def _by_exam(drawn: Sequence[Drawn]) -> list[list[Drawn]]:
    groups: dict[int, list[Drawn]] = defaultdict(list)
    for one in drawn:
        groups[one.exam].append(one)
    return list(groups.values())


def _asked(scenario: Scenario, trials: Sequence[Drawn]) -> Asked:
    found, rows, about = Asked(), [], []
    for trial in trials:
        cases = {str(case["id"]): case for case in trial.cases}
        for arrival, request in trial.requests():
            row = {"trial": trial.kind, "kind": "request", "name": request.name, "phase": arrival.phase}
            rows.append(row | {"segment": request.segment})
            case = case_of(request, cases)
            about.append({*facts(case, moment_of(request, case)), *said_of(request)})
    for objective, at in _expected(scenario, rows):
        found.all[objective] += 1
        found.of[objective].update(about[at])
        found.of[objective].update({(fact[0], EVERY) for fact in about[at]})
    return Asked(found.all, {name: _kinds(of, found.all[name]) for name, of in found.of.items()})


def _kinds(of: Counter[Fact], whole: int) -> Counter[Fact]:
    """Facts that are kinds, and no figures or names. The past of a day is what it is about only where all have one."""
    values: dict[str, list[str]] = defaultdict(list)
    for attribute, value in of:
        if value != EVERY:
            values[attribute].append(value)
    kept: Counter[Fact] = Counter()
    for attribute, known in values.items():
        few = FEW if all(value.lstrip("-").isdigit() for value in known) else MOST
        mostly = of[attribute, EVERY] >= MOSTLY * whole or not attribute.startswith(PAST)
        if len(known) <= few and mostly:
            kept.update({(attribute, value): of[attribute, value] for value in known})
    return kept


def _expected(scenario: Scenario, rows: Sequence[Mapping[str, object]]) -> Iterator[tuple[str, int]]:
    """Which rows each objective expects to count, as the judge reads a plan."""
    if not rows:
        return
    slos = list(scenario.slos.values())
    connection = events.connect()
    try:
        columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in events.COLUMNS.items())
        connection.execute(f"CREATE TABLE plan AS SELECT {columns}, 'infinity'::DOUBLE AS latency LIMIT 0")
        names = ("trial", "kind", "name", "phase", "segment")
        values = [[str(row[name]) for row in rows] for name in names]
        given = ", ".join("unnest(?)" for _ in names)
        connection.execute(f"INSERT INTO plan ({', '.join(names)}, latency) SELECT {given}, 'infinity'", values)
        wanted = ", ".join(f"coalesce(({slo.total}), true)" for slo in slos)
        told = connection.execute(f"SELECT {wanted} FROM plan ORDER BY rowid").fetchall()
    finally:
        connection.close()
    for at, (row, counts) in enumerate(zip(rows, told, strict=True)):
        for slo, counted in zip(slos, counts, strict=True):
            window = scenario.spec.objectives[slo.id]
            inside = row["trial"] in window.trials and (not window.phases or row["phase"] in window.phases)
            if counted and inside and window.kind == "request":
                yield slo.id, at
