"""Compute how often an exam decides an objective as it should, for a submission of a known ratio of bad events.

Nothing is sampled: counts of bad events are added up exactly, round by round, and the judge's own rule splits them.
Events of one drawn case share its fate, so they are bad together; all others are independent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.authoring.audit.findings import Finding, percent
from grader.course.spec import ScenarioSpec
from grader.exam.run import ALPHA
from grader.judge.decide import Counts, Errors, decide, most_bad
from grader.result import Verdict

HALF, DOUBLE = 0.5, 2.0
"""Of the budget: an honest design, and a broken one."""

WANTED = 0.95
"""Of exams that are to end in the right verdict at both, close ones included."""

Shares = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Odds:
    """How often exams end in what, as shares of them.

    Attributes:
        passed: proven in the planned rounds.
        failed: proven in the planned rounds.
        later_pass: proven in a further round only.
        later_fail: proven in a further round only.
        close_pass: never proven, and kept as measured.
        close_fail: never proven, and missed as measured.
        rounds: how many rounds an exam takes, on average.
    """

    passed: float
    failed: float
    later_pass: float
    later_fail: float
    close_pass: float
    close_fail: float
    rounds: float

    @property
    def passes(self) -> float:
        """The share that passes in the end."""
        return self.passed + self.later_pass + self.close_pass

    @property
    def fails(self) -> float:
        """The share that fails in the end."""
        return self.failed + self.later_fail + self.close_fail


def weak(spec: ScenarioSpec, targets: Mapping[str, float], cases: Mapping[str, Sequence[int]]) -> Iterator[Finding]:
    """Find objectives that cannot tell twice their budget from half of it.

    Args:
        spec: the scenario.
        targets: what each objective promises.
        cases: sizes of the cases among its events of one round; an objective without events is left out.
    """
    for name, sizes in cases.items():
        if not sizes:
            continue
        double, half = (odds(spec, len(targets), targets[name], sizes, budget) for budget in (DOUBLE, HALF))
        if min(double.fails, half.passes) >= WANTED:
            continue
        yield Finding(
            f"power/{name}",
            f"`{name}`: {sum(sizes)} events of {len(sizes)} cases a round are too few. At twice its budget "
            f"{percent(double.fails)} of exams fail, at half of it {percent(half.passes)} pass; "
            f"{percent(WANTED)} should. Draw more cases.",
            name,
            spec.objectives[name].trials,
            figure=1 - min(double.fails, half.passes),
        )


def odds(spec: ScenarioSpec, objectives: int, target: float, cases: Sequence[int], budget: float) -> Odds:
    """Compute what exams say of an objective.

    Args:
        spec: the scenario: how many rounds are planned, and how many may follow.
        objectives: how many the exam has.
        target: what the objective promises, from 0 to 1.
        cases: how many events each case of one round has; 1 for an event that shares no fate.
        budget: the true ratio of bad events as a multiple of what the target allows.
    """
    errors = Errors.of_exam(ALPHA, objectives)
    one_round = bad_events(cases, min(1.0, budget * (1 - target)))
    events = sum(cases)
    going: Shares = np.ones(1)
    proven = np.zeros((2, 2))  # planned or further; passed or failed
    rounds = 0.0
    for n in range(1, spec.rounds + spec.more.rounds + 1):
        rounds += float(going.sum())
        going = np.convolve(going, one_round)
        passes, fails = bounds(events * n, target, errors)
        proven[int(n > spec.rounds)] += going[: passes + 1].sum(), going[fails:].sum()
        going[: passes + 1] = 0.0
        going[fails:] = 0.0
    allowed = math.floor(round((1 - target) * (len(going) - 1), 9))
    (passed, failed), (later_pass, later_fail) = proven.tolist()
    close_pass, close_fail = float(going[: allowed + 1].sum()), float(going[allowed + 1 :].sum())
    return Odds(passed, failed, later_pass, later_fail, close_pass, close_fail, rounds)


def bad_events(cases: Sequence[int], ratio: float) -> Shares:
    """Return how likely 0, 1, 2, … bad events are in a round, where each case is bad as a whole with this chance."""
    found: Shares = np.ones(1)
    for size in cases:
        longer = np.zeros(len(found) + size)
        longer[: len(found)] += (1 - ratio) * found
        longer[size:] += ratio * found
        found = longer
    return found


def bounds(total: int, target: float, errors: Errors) -> tuple[int, int]:
    """Return how many of so many events may be bad for a pass (-1: none), and from how many on it fails."""
    best = most_bad(total, target, errors)
    passes = -1 if best is None else best
    low, high = passes, total + 1  # the first does not fail; what is past all of them is taken to
    while high - low > 1:
        middle = (low + high) // 2
        if decide(Counts(total - middle, total, 0), target, errors) is Verdict.FAIL:
            high = middle
        else:
            low = middle
    return passes, high
