"""The proof matrix: every control of a scenario, graded, against what its verdict must be.

What has to miss an objective is shown the trials that tell it, and others only if it does not. As candidates meet it,
all trials together, `benchmarks.verdicts` holds the same controls.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader.course.catalog import find_lab, find_scenario
from grader.course.control import Control
from grader.course.spec import Scenario
from grader.course.twist import Twist
from grader.exam import grade
from grader.intake.controls import stage_control
from grader.result import Progress, Result, Verdict
from infra.runtime import Runtime

MAX_TRIES = 3


@dataclass(frozen=True)
class Row:
    """One control, graded.

    Attributes:
        objective: the objective that a fake or the shipped lab must fail on; empty for the others.
        failed: objectives that it did fail on.
        reasons: codes of the verdict's reasons, see `grader.judge.evidence.REASONS`.
        note: why the row does not hold, or how many tries were invalid; else empty.
        burn: of each objective with events, the ratio of bad ones as a multiple of what its target allows.
        seed: of the last try.
        busiest: of the trials that count, the highest, see `grader.result.TrialResult`; None where none counts.
        holds: whether the verdict, and for a fake the reason, is the expected one, and none is a close call.
        duration_s: of the last try.
        close: whether a close call decided it.
    """

    lab: str
    control: str
    kind: str
    expected: str
    got: str
    objective: str
    holds: bool
    duration_s: float
    failed: tuple[str, ...]
    reasons: tuple[str, ...]
    tries: int
    note: str
    burn: Mapping[str, float]
    seed: int = 0
    busiest: float | None = None
    close: bool = False


def verify(
    labs: Sequence[str],
    runtime: Runtime,
    *,
    seed: int,
    on_row: Callable[[Row], None] = lambda _: None,
    on_progress: Callable[[str, Progress], None] = lambda _, __: None,
    only: Sequence[str] = (),
    keep: Path | None = None,
) -> list[Row]:
    """Grade every control of the labs, in the order of their names.

    Args:
        labs: lab ids.
        runtime: where.
        seed: of the first exam; each further one has its own.
        on_row: called with each row as it is there.
        on_progress: called with `<lab>/<control>` and the exam's progress.
        only: control names, to run a part.
        keep: a folder for the run folders of rows that do not hold.
    """
    rows: list[Row] = []
    for lab_id in labs:
        lab = find_lab(lab_id)
        scenario = find_scenario(lab)
        for name, control in scenario.controls.items():
            if not only or name in only:
                tell = partial(on_progress, f"{lab_id}/{name}")
                row = _row(scenario, name, control, runtime, seed + len(rows), tell, keep)
                rows.append(row)
                on_row(row)
    return rows


def verify_twist(
    twist: Twist, runtime: Runtime, *, seed: int, on_row: Callable[[Row], None] = lambda _: None
) -> list[Row]:
    """Hold a twist against the controls that it says it is proven by; rows are named `<twist>/<control>`."""
    rows: list[Row] = []
    for name, control in twist.proven().items():
        row = _row(twist, name, control, runtime, seed + len(rows), lambda _: None, None)
        rows.append(replace(row, control=f"{twist.name}/{name}"))
        on_row(rows[-1])
    return rows


def _row(
    scenario: Scenario,
    name: str,
    control: Control,
    runtime: Runtime,
    seed: int,
    on_progress: Callable[[Progress], None],
    keep: Path | None,
) -> Row:
    duration = 0.0
    for tries in range(1, MAX_TRIES + 1):
        result = _graded(scenario, name, control, runtime, seed + 1000 * tries, on_progress, keep)
        duration = result.duration_s
        if result.verdict is not Verdict.INVALID:
            break
    return compare(scenario.lab.id, name, control, result, tries, duration)


def _graded(
    scenario: Scenario,
    name: str,
    control: Control,
    runtime: Runtime,
    seed: int,
    on_progress: Callable[[Progress], None],
    keep: Path | None,
) -> Result:
    with tempfile.TemporaryDirectory(prefix="brownout-verify-") as scratch:
        stage = stage_control(scenario, name, Path(scratch))
        out = Path(scratch) / "run"
        result = grade(
            scenario, stage, runtime, seed=seed, out=out, on_progress=on_progress, until=control.fails, apart=True
        )
        if keep is not None and not compare(scenario.lab.id, name, control, result, 1, 0.0).holds:
            shutil.copytree(out, keep / f"{scenario.lab.id}-{name}-{seed}")
    return result


def compare(lab: str, name: str, control: Control, result: Result, tries: int, duration_s: float) -> Row:
    """Whether a result is what the control promises.

    A fake must fail on its own objective, may fail on those in `also`, and on no other; nor may it fail to start.
    """
    failed = tuple(o.id for o in result.objectives if o.verdict is Verdict.FAIL)
    expected = Verdict.PASS if control.fails is None else Verdict.FAIL
    reasons = "; ".join(reason.message for reason in result.reasons)[:300]
    note = f"a close call: {reasons}" if result.close else misfit(control, result.verdict, failed, reasons)
    return Row(
        lab=lab,
        control=name,
        kind=control.kind,
        expected=expected.value,
        got=result.verdict.value,
        objective=control.fails or "",
        holds=not note,
        duration_s=duration_s,
        failed=failed,
        reasons=tuple(dict.fromkeys(reason.code for reason in result.reasons)),
        tries=tries,
        note=note or (f"{tries - 1} invalid before" if tries > 1 else ""),
        burn={o.id: round((1 - o.estimate) / (1 - o.target), 3) for o in result.objectives if o.estimate is not None},
        seed=result.seed,
        busiest=max((trial.busiest for trial in result.trials if trial.verdict is not Verdict.INVALID), default=None),
        close=result.close,
    )


def misfit(control: Control, verdict: str, failed: Sequence[str], reasons: str = "") -> str:
    """Why a verdict and the objectives that were missed are not what the control promises; empty if they are."""
    if verdict != (Verdict.PASS if control.fails is None else Verdict.FAIL):
        return reasons or f"the verdict is {verdict}"
    if control.fails is None:
        return ""
    if control.fails not in failed:
        return f"failed on {', '.join(failed) or 'something else'} instead of {control.fails}"
    if extra := set(failed) - {control.fails, *control.also}:
        return f"failed also on {', '.join(sorted(extra))}"
    return ""
