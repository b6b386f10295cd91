"""One objective: from counts to pass, fail or undecided.

A trial's timeline is not stationary (a bad release hurts in the middle), so an early look must not take the first
seconds for the whole. Events that are scheduled and not yet seen are therefore counted against the decision: it fails
early only if it would fail even though all of them turned out good, and passes early only if it would pass even though
all were bad. What is decided early is what the whole timeline would have said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from grader.course.slo import Slo
from grader.judge.stats import highest, log_evidence_fail, log_evidence_pass, lowest
from grader.result import ObjectiveResult, Verdict


@dataclass(frozen=True)
class Errors:
    """One-sided error probabilities of an objective.

    A wrong pass of the exam needs a wrong pass of *every* objective that is truly missed, so each may use the exam's
    whole error; a wrong fail needs only one of them, so they share it (Bonferroni).
    """

    wrong_pass: float
    wrong_fail: float

    @classmethod
    def of_exam(cls, alpha: float, objectives: int) -> Errors:
        """For an exam with error `alpha` on each side and this many objectives (at least one)."""
        return cls(wrong_pass=alpha, wrong_fail=alpha / objectives)


@dataclass(frozen=True)
class Counts:
    """Events of an objective: good ones, valid ones (seen), and remaining (scheduled, not seen)."""

    good: int
    valid: int
    remaining: int


def decide(counts: Counts, target: float, errors: Errors) -> Verdict:
    """PASS, FAIL or UNDECIDED; no events at all is undecided."""
    bad = counts.valid - counts.good
    allowed = 1 - target
    if log_evidence_fail(bad, counts.good + counts.remaining, allowed) >= -math.log(errors.wrong_fail):
        return Verdict.FAIL
    if log_evidence_pass(bad + counts.remaining, counts.good, allowed) >= -math.log(errors.wrong_pass):
        return Verdict.PASS
    return Verdict.UNDECIDED


def most_bad(total: int, target: float, errors: Errors) -> int | None:
    """How many of so many events may be bad for a pass; None if the objective cannot be passed on so few."""
    if decide(Counts(total, total, 0), target, errors) is not Verdict.PASS:
        return None
    passes, least = 0, total  # none bad passes, all bad does not; one more bad is never better
    while least - passes > 1:
        middle = (passes + least) // 2
        if decide(Counts(total - middle, total, 0), target, errors) is Verdict.PASS:
            passes = middle
        else:
            least = middle
    return passes


def objective_result(slo: Slo, counts: Counts, errors: Errors) -> ObjectiveResult:
    """The objective judged, with estimate and interval over the events seen."""
    bad, total = counts.valid - counts.good, counts.valid + counts.remaining
    return ObjectiveResult(
        id=slo.id,
        title=slo.title,
        description=slo.spec.description,
        target=slo.target,
        good=counts.good,
        valid=counts.valid,
        estimate=round(counts.good / counts.valid, 6) if counts.valid else None,
        low=round(1 - highest(bad, counts.good, errors.wrong_pass), 6),
        high=round(1 - lowest(bad, counts.good, errors.wrong_fail), 6),
        verdict=decide(counts, slo.target, errors),
        of=total,
        most_bad=most_bad(total, slo.target, errors),
    )


def settled(result: ObjectiveResult, counts: Counts) -> ObjectiveResult:
    """Decide an objective that is too close to tell by its ratio, if what was not seen could not change that.

    One without an event, or whose unseen events might tip it, stays undecided: there the evidence is not whole.
    """
    if result.verdict is not Verdict.UNDECIDED or not counts.valid:
        return result
    total = counts.valid + counts.remaining
    allowed = round((1 - result.target) * total, 9)  # 0.1 of 170 is 17, not 16.999999999999996
    bad = counts.valid - counts.good
    if bad + counts.remaining <= allowed:
        return replace(result, verdict=Verdict.PASS, close=True)
    if bad > allowed:
        return replace(result, verdict=Verdict.FAIL, close=True)
    return result
