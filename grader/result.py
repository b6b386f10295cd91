"""What a grading run ends with. Plain frozen data; `to_json` is the published form (docs/result.schema.json)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

SCHEMA = "brownout/result/2"
OLDER = ("brownout/result/1",)
"""Read still: without `close`, which was not known then."""


class Verdict(StrEnum):
    """Of a run, pass, fail or invalid; of an objective also undecided. Ordered by severity in `SEVERITY`."""

    PASS = "pass"
    UNDECIDED = "undecided"
    FAIL = "fail"
    INVALID = "invalid"


TOO_NEAR = "too near to call it proven; another exam might say otherwise"
"""What a close call means, for a sentence to end with."""


def named(verdict: str, close: bool) -> str:
    """Name a verdict as all that shows it does: a pass or fail that is not proven is "close pass" or "close fail"."""
    return f"close {verdict}" if close and verdict in (Verdict.PASS, Verdict.FAIL) else str(verdict)


@dataclass(frozen=True)
class Reason:
    """Why a run ended as it did: a code (see docs/verdicts.md), a sentence with the figures, and the trial, if one."""

    code: str
    message: str
    trial: str = ""


@dataclass(frozen=True)
class ObjectiveResult:
    """One objective, judged.

    Attributes:
        id, title, description, target: as in slo.yaml; target is a ratio.
        good, valid: events counted.
        estimate: good / valid, None without events.
        low, high: confidence interval of the ratio of good events, each end at its share of the exam's error.
        verdict: pass, fail or undecided.
        of: events that will count, as far as is known: those counted and those that are still to be seen.
        most_bad: how many of these may be bad for a pass; None if they are too few to pass at all.
        close: whether the events are too few to prove the verdict, and it is what was measured (docs/adr/0076).
    """

    id: str
    title: str
    description: str
    target: float
    good: int
    valid: int
    estimate: float | None
    low: float
    high: float
    verdict: Verdict
    of: int = 0
    most_bad: int | None = None
    close: bool = False


@dataclass(frozen=True)
class TrialResult:
    """One trial that was run.

    Attributes:
        id: `<kind>.<n>`; title: what a candidate may read.
        tries: 1, or more when earlier ones proved nothing.
        verdict: `pass` when its events count, `invalid` when they do not, `fail` when the submission broke it.
        reasons: why not `pass`.
        events: how many were recorded.
        stopped_early: whether the exam was decided before its timeline ended.
        duration_s: from deployment to the end of its load.
        busiest: as `slowdown`, in the busiest two seconds, or as many as the scenario's evidence names (`burst_s`).
        slowdown: how many times as long as alone on the machine that the labs were measured on a piece of work took,
            in the median; 0 if that is not known.
        control: the control that stood in for the submission, to see whether the machine is busy without it; such a
            trial judges no objective. Empty in all others.
    """

    id: str
    title: str
    attempt: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    events: int
    stopped_early: bool
    duration_s: float
    busiest: float
    slowdown: float
    control: str = ""


@dataclass(frozen=True)
class Result:
    """A grading run, judged. `duration_s` is wall time until it was decided; `versions` names engine and parts;
    `put_back` names the open files that were not handed in and were there as shipped; `reader` are questions that no
    machine judges, for a person who reads what was handed in; `close` says that the verdict hangs on an objective that
    was decided by what was measured, too near its promise to be proven."""

    lab: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    objectives: tuple[ObjectiveResult, ...]
    trials: tuple[TrialResult, ...]
    seed: int
    runtime: str
    duration_s: float
    versions: Mapping[str, str]
    put_back: tuple[str, ...] = ()
    reader: tuple[str, ...] = ()
    close: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain data, ready for json.dumps; enums become their values."""
        return {"schema": SCHEMA, **asdict(self)}


@dataclass(frozen=True)
class TrialProgress:
    """A trial as it runs: `phase` and `rate` now, requests answered so far and how many of them were not fine, and the
    faults (step names of the experiment) that are acting."""

    title: str
    state: str
    phase: str
    rate: float
    done: int
    bad: int


@dataclass(frozen=True)
class Progress:
    """A grading run as it runs. `stage` is a short phrase; seconds since its start, and planned without early stop."""

    stage: str
    elapsed_s: float
    planned_s: float
    trials: tuple[TrialProgress, ...] = ()
    objectives: tuple[ObjectiveResult, ...] = ()
