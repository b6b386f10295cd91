"""What the judge would say of counts: it decides, over as many samples as a scenario allows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from grader.authoring.audit.findings import Allowance
from grader.course.spec import ScenarioSpec
from grader.exam.run import ALPHA
from grader.judge.decide import Counts, Errors, decide
from grader.result import Verdict


class Bounds:
    """The judge's bounds for the objectives of a scenario."""

    def __init__(self, spec: ScenarioSpec, objectives: int) -> None:
        self._rounds = spec.rounds
        self._errors = Errors.of_exam(ALPHA, objectives)

    def passes(self, good: float, valid: float, target: float) -> bool:
        """Whether an objective with these counts passes, at once or after as many further samples like it as the exam
        takes while it is undecided."""
        return _passes(round(good), round(valid), target, self._rounds, self._errors)

    def forgiven(self, valid: int, target: float) -> int:
        """How many of so many events may be bad, in each sample, so that it passes; -1 if none may."""
        low, high = -1, valid
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.passes(valid - middle, valid, target) else (low, middle - 1)
        return low

    def allowances(self, objectives: Iterable[tuple[str, float, int]]) -> tuple[Allowance, ...]:
        """Of each objective (id, target, events) what it forgives."""
        return tuple(
            Allowance(name, target, events, max(0, self.forgiven(events, target)))
            for name, target, events in objectives
        )


@lru_cache(maxsize=1 << 16)
def _passes(good: int, valid: int, target: float, rounds: int, errors: Errors) -> bool:
    for sample in range(1, rounds + 1):
        verdict = decide(Counts(good * sample, valid * sample, 0), target, errors)
        if verdict is not Verdict.UNDECIDED:
            return verdict is Verdict.PASS
    return False
