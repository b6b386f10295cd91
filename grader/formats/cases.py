"""A result as a list of cases, which most formats are; and what each is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.errors import Unproven
from grader.report import summary
from grader.result import ObjectiveResult, Result, Verdict
from grader.safe import visible


@dataclass(frozen=True)
class Case:
    """One line of a report; name and message are safe to show. `objective` is None for the run as a whole; `close`:
    its verdict is a close call."""

    name: str
    verdict: Verdict
    message: str
    objective: ObjectiveResult | None = None
    close: bool = False


def cases(result: Result) -> tuple[Case, ...]:
    """One an objective. One more for the run as a whole, where the objectives do not say why it ended as it did."""
    return (*(_of(objective, result) for objective in result.objectives), *_whole(result))


def _of(objective: ObjectiveResult, result: Result) -> Case:
    verdict = summary.shown_verdict(objective, result)
    invalid = verdict is Verdict.INVALID
    said = summary.headline(result) if invalid else summary.sentence(objective, result)
    return Case(
        f"{visible(objective.id, 80)}: {visible(objective.title)}",
        verdict,
        said,
        objective,
        summary.is_close(objective, result),
    )


def _whole(result: Result) -> Iterator[Case]:
    missed = any(objective.verdict is Verdict.FAIL for objective in result.objectives)
    if result.verdict is Verdict.INVALID or (result.verdict is Verdict.FAIL and not missed):
        yield Case("the run as a whole", result.verdict, said(result))


def meaning(result: Result) -> str:
    """What the run means, in a line. A report's advice for a fail is about a page that is not here."""
    advice = "" if result.verdict is Verdict.FAIL else f" {summary.advice(result)}"
    return summary.headline(result) + advice


def said(result: Result) -> str:
    """What the run means and why, in a few lines."""
    return "\n".join((meaning(result), *summary.reason_texts(result)))


@dataclass(frozen=True)
class Score:
    """Points of one case."""

    case: Case
    earned: int
    worth: int


def scores(result: Result) -> tuple[Score, ...]:
    """A point for each objective that was kept; none for any if the run failed for another reason than an objective.

    Raises:
        Unproven: the run is invalid: that is no score, and above all not zero.
    """
    if result.verdict is Verdict.INVALID:
        code = result.reasons[0].code if result.reasons else Verdict.INVALID.value
        raise Unproven(code, f"{summary.headline(result)} It has no score; grade again")
    held = not tuple(_whole(result))
    return tuple(
        Score(case, int(held and case.verdict is Verdict.PASS), int(case.objective is not None))
        for case in cases(result)
    )
