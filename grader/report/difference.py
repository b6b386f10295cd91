"""What two results say differently, as a flat list of changes. Wall times are not compared: no two runs share them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from grader.result import ObjectiveResult, Reason, Result, TrialResult

SCHEMA = "brownout/difference/1"
_RUN = ("verdict", "close", "seed", "runtime")
_OBJECTIVE = ("target", "good", "valid", "estimate", "low", "high", "verdict", "close")
_TRIAL = ("verdict", "attempt", "events", "stopped_early")


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        part: run, version, objective, trial or reason.
        id: of the objective or trial, name of the version, code of the reason; empty for the run.
        field: what differs; `present` (true, false) where one result has no such part at all.
        a, b: what each result says; a reason's message, None where the other has no such reason.
    """

    part: str
    id: str
    field: str
    a: Any
    b: Any


def differences(a: Result, b: Result) -> tuple[Change, ...]:
    """All changes, in the order of run, versions, objectives, trials, reasons; empty for equal results."""
    return (
        *_fields("run", "", a, b, _RUN),
        *_versions(a.versions, b.versions),
        *_parts("objective", a.objectives, b.objectives, _OBJECTIVE),
        *_parts("trial", a.trials, b.trials, _TRIAL),
        *_reasons(a, b),
    )


def to_json(a: Result, b: Result) -> dict[str, Any]:
    """The published form: `same_verdict`, and `changes` as in `Change`."""
    changes = [asdict(change) for change in differences(a, b)]
    return {"schema": SCHEMA, "lab": a.lab, "same_verdict": a.verdict is b.verdict, "changes": changes}


def _fields(part: str, name: str, a: object, b: object, fields: Sequence[str]) -> Iterator[Change]:
    for field in fields:
        left, right = getattr(a, field), getattr(b, field)
        if left != right:
            yield Change(part, name, field, left, right)


def _versions(a: Mapping[str, str], b: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted({*a, *b}):
        if a.get(name) != b.get(name):
            yield Change("version", name, "version", a.get(name), b.get(name))


def _parts(
    part: str,
    a: Sequence[ObjectiveResult] | Sequence[TrialResult],
    b: Sequence[ObjectiveResult] | Sequence[TrialResult],
    fields: Sequence[str],
) -> Iterator[Change]:
    left, right = {x.id: x for x in a}, {x.id: x for x in b}
    for name in dict.fromkeys([*left, *right]):
        if name in left and name in right:
            yield from _fields(part, name, left[name], right[name], fields)
        else:
            yield Change(part, name, "present", name in left, name in right)


def _reasons(a: Result, b: Result) -> Iterator[Change]:
    """Reasons of the run and of its trials that only one of the two gives."""
    left, right = _all_reasons(a), _all_reasons(b)
    for reason in dict.fromkeys([*left, *right]):
        if (reason in left) != (reason in right):
            text = f"{reason.trial}: {reason.message}" if reason.trial else reason.message
            yield Change("reason", reason.code, "message", *((text, None) if reason in left else (None, text)))


def _all_reasons(result: Result) -> dict[Reason, None]:
    return dict.fromkeys([*result.reasons, *(reason for trial in result.trials for reason in trial.reasons)])
