"""Holding one exam of a lab's reference, and keeping what it saw."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from grader.authoring.audit.recording import Recording, of_run, path_of, save
from grader.course.spec import Scenario
from grader.errors import BadInput, Unproven
from grader.exam import grade
from grader.intake.controls import stage_control
from grader.judge.run import judge_run
from grader.proof.digests import lab_digest
from grader.result import Progress, Result, Verdict
from infra.runtime import Runtime

TRIES = 3
KIND = "reference"
UNKNOWN = ""
"""The digest of a lab whose state at the time of a run nobody wrote down."""


def record(
    scenario: Scenario,
    runtime: Runtime,
    seed: int | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Path:
    """Hold an exam of the lab's first reference and keep what it saw beside the scenario; the file.

    Raises:
        BadInput: the lab has no reference, or it fails three times.
        Unproven: the exam proved nothing at the third try.
    """
    name = next((name for name, control in scenario.controls.items() if control.kind == KIND), None)
    if name is None:
        raise BadInput(
            f"lab {scenario.lab.id} has no control of kind {KIND}: there is nobody whose pass could be recorded"
        )
    first = secrets.randbelow(2**31) if seed is None else seed
    result = None
    for again in range(TRIES):
        result, recording = _held(scenario, name, runtime, first + again, on_progress)
        if recording is not None:
            save(recording, path_of(scenario))
            return path_of(scenario)
    assert result is not None
    reasons = "; ".join(reason.message for reason in result.reasons)
    if result.verdict is Verdict.FAIL:
        raise BadInput(f"the reference of {scenario.lab.id} fails its exam, so nothing is recorded: {reasons}")
    raise Unproven("undecided", f"the exam of {name} proved nothing in {TRIES} tries; record again later: {reasons}")


def take(scenario: Scenario, run_dir: Path) -> Path:
    """Keep what an exam saw that was held already, say by `lab grade`; the file.

    Raises:
        BadInput: it is another lab's, was held by another scenario.yaml, or was not passed.
        BadRun: it is no finished run.
    """
    with tempfile.TemporaryDirectory(prefix="brownout-audit-") as scratch:
        result = judge_run(run_dir, out=Path(scratch) / "result.json")  # the run folder stays as it is
    if result.lab != scenario.lab.id or (run_dir / "scenario" / "scenario.yaml").read_text("utf-8") != scenario.text:
        raise BadInput(f"{run_dir}: is no exam of {scenario.lab.id} as it is now; record another")
    if result.verdict is not Verdict.PASS:
        raise BadInput(f"{run_dir}: is not passed; record a pass of the reference")
    counted = [trial.id for trial in result.trials if trial.verdict is not Verdict.INVALID]
    save(of_run(run_dir, scenario.spec, counted, UNKNOWN), path_of(scenario))
    return path_of(scenario)


def _held(
    scenario: Scenario, name: str, runtime: Runtime, seed: int, on_progress: Callable[[Progress], None]
) -> tuple[Result, Recording | None]:
    """An exam's result, and its recording if it was passed."""
    with tempfile.TemporaryDirectory(prefix="brownout-audit-") as scratch:
        out = Path(scratch) / "run"
        stage = stage_control(scenario, name, Path(scratch))
        result = grade(scenario, stage, runtime, seed=seed, out=out, on_progress=on_progress)
        if result.verdict is not Verdict.PASS:
            return result, None
        counted = [trial.id for trial in result.trials if trial.verdict is not Verdict.INVALID]
        return result, of_run(out, scenario.spec, counted, lab_digest(scenario))
