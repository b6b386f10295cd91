"""Write docs/power.md and power.csv: how often an exam ends in the right verdict, objective by objective."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from benchmarks.machine import ROOT
from grader.authoring.audit import recording
from grader.authoring.audit.draws import Drawn
from grader.authoring.audit.power import DOUBLE, HALF, WANTED, Odds, odds
from grader.authoring.audit.sacrifice import Seen
from grader.course import catalog
from grader.course.spec import Scenario, ScenarioSpec

PAGE: Path = ROOT / "docs" / "power.md"
ALL: Path = ROOT / "docs" / "power.csv"
BUDGETS = (HALF, 0.8, 1.0, 1.25, DOUBLE)
COLUMNS = (
    *("lab", "objective", "target", "rounds", "events", "cases"),
    *("double_proven_fail", "double_fails", "half_proven_pass", "half_passes"),
)
HEAD = """# Power: what an exam can tell

Written by `make readme` from each lab's recorded pass. It says how often an exam ends in the right verdict for a
submission that burns twice an objective's budget (it should fail) or half of it (it should pass). Nothing is sampled:
the judge's own rule is applied to every count that can come out. Events of one drawn case share its fate, so they are
bad together; that is the worst case. All others are independent. `lab audit` names an objective for which fewer than
95 % of verdicts are right.

"""
WEAK = """## Objectives with fewer than 95 % right verdicts

All are counted case by case: few cases with many events each. A submission that is wrong on a whole case is failed
where that case is drawn, and passes where it is not. Each is explained in its lab's audit.yaml.

| lab, objective | promise | events, cases a round | at twice the budget: fails | at half: passes |
|---|---:|---:|---:|---:|
"""
ERRORS = """
## What a budget ends in

An objective of an exam with six, planned for two rounds of so many events. In per cent of exams. Before
[ADR 76](adr/0076-a-close-call-is-decided-by-what-was-measured.md) there was no further round and no close call: what
is not proven in the planned rounds was invalid. Rounds are means; a second round begins only where the first
was undecided.

| events, promise | budget | pass | close pass | close fail | fail | rounds | before: pass | invalid | fail | rounds |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
"""
EXAMPLES = ((400, 0.95), (200, 0.9), (100, 0.85), (40, 0.8))


@dataclass(frozen=True)
class Power:
    """What is told of one objective: `half` and `double` of its budget."""

    lab: str
    objective: str
    target: float
    rounds: int
    cases: tuple[int, ...]
    half: Odds
    double: Odds

    @property
    def weak(self) -> bool:
        """Whether fewer verdicts are right than are wanted."""
        return min(self.half.passes, self.double.fails) < WANTED


def powers(scenario: Scenario) -> Iterator[Power]:
    """Compute the power of each objective of a lab; of none, where no pass is recorded."""
    recorded = recording.load(recording.path_of(scenario))
    if recorded is None:
        return
    held = [Drawn(scenario, 0, trial.kind, 0, trial.parameters) for trial in recorded.trials]
    planned = {str(case["id"]) for one in held for case in one.cases}
    seen = Seen(scenario, recorded, held[0].of_ours)
    for slo in seen.slos:
        if cases := seen.cases(slo.id, planned):
            half, double = (odds(scenario.spec, len(seen.slos), slo.target, cases, one) for one in (HALF, DOUBLE))
            yield Power(scenario.lab.id, slo.id, slo.target, scenario.spec.rounds, cases, half, double)


def page(found: Sequence[Power]) -> str:
    """Return docs/power.md."""
    right, proven = len(found) - sum(one.weak for one in found), sum(one.double.failed >= 0.95 for one in found)
    passed = sum(one.half.passed >= 0.95 for one in found)
    told = (
        f"{right} of {len(found)} objectives end in the right verdict in at least 95 % of exams. *Proven* in the "
        f"planned rounds\nas often are {proven} of them at twice the budget and {passed} at half; the others need a "
        "further round or end as a close call.\n[power.csv](power.csv) has all.\n\n"
    )
    lines = "".join(
        f"| `{one.lab}`, {one.objective} | {100 * one.target:g} % | {sum(one.cases)}, {len(one.cases)} | "
        f"{_percent(one.double.fails)} | {_percent(one.half.passes)} |\n"
        for one in found
        if one.weak
    )
    return HEAD + told + WEAK + lines + ERRORS + "".join(_errors())


def sheet(found: Sequence[Power]) -> str:
    """Return docs/power.csv: a line for each objective, shares from 0 to 1."""
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    for one in found:
        shares = (one.double.failed, one.double.fails, one.half.passed, one.half.passes)
        about = (one.lab, one.objective, one.target, one.rounds, sum(one.cases), len(one.cases))
        lines.writerow([*about, *(f"{share:.3f}" for share in shares)])
    return text.getvalue()


def write() -> None:
    """Write both for all labs that are no drafts."""
    labs = [lab for lab in catalog.lab_ids() if not catalog.is_draft(lab)]
    found = [one for lab in labs for one in powers(catalog.find_scenario(catalog.find_lab(lab)))]
    PAGE.write_text(page(found), "utf-8")
    ALL.write_text(sheet(found), "utf-8")


def _errors() -> Iterator[str]:
    now, before = _spec(further=1), _spec(further=0)
    for events, target in EXAMPLES:
        for budget in BUDGETS:
            one, old = (odds(spec, 6, target, [1] * events, budget) for spec in (now, before))
            shares = (one.passed + one.later_pass, one.close_pass, one.close_fail, one.failed + one.later_fail)
            were = (old.passed, old.close_pass + old.close_fail, old.failed)
            cells = [f"{events}, {100 * target:g} %", f"{budget:g}", *map(_percent, shares), f"{one.rounds:.1f}"]
            yield f"| {' | '.join([*cells, *map(_percent, were), f'{old.rounds:.1f}'])} |\n"


def _spec(further: int) -> ScenarioSpec:
    return ScenarioSpec.model_validate(
        {
            "lab": "any",
            "rounds": 2,
            "more": {"rounds": further},
            "timeline": [{"phase": "run", "seconds": 1, "rate": 1}],
            "trials": [{"id": "one"}],
            "objectives": {"kept": {"trials": ["one"]}},
        }
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}" if 0 < share < 0.9995 else f"{100 * share:.0f}"
