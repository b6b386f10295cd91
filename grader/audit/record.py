"""Holding one exam of a lab's reference, and keeping what it saw."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from grader.audit.recording import Recording, of_run, path_of, save
from grader.controls import stage_control
from grader.course.spec import Scenario
from grader.errors import BadInput, Unproven
from grader.exam import grade
from grader.proof.digests import lab_digest
from grader.result import Progress, Verdict
from infra.runtime import Runtime

TRIES = 3
KIND = "reference"


def record(
    scenario: Scenario,
    runtime: Runtime,
    seed: int | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Path:
    """Hold an exam of the lab's first reference and keep what it saw beside the scenario; the file.

    Raises:
        BadInput: the lab has no reference, or it does not pass.
        Unproven: the exam proved nothing in three tries.
    """
    name = next((name for name, control in scenario.controls.items() if control.kind == KIND), None)
    if name is None:
        raise BadInput(
            f"lab {scenario.lab.id} has no control of kind {KIND}: there is nobody whose pass could be recorded"
        )
    first = secrets.randbelow(2**31) if seed is None else seed
    for again in range(TRIES):
        recording = _held(scenario, name, runtime, first + again, on_progress)
        if recording is not None:
            save(recording, path_of(scenario))
            return path_of(scenario)
    raise Unproven("undecided", f"the exam of {name} proved nothing in {TRIES} tries; record again on a quiet machine")


def _held(
    scenario: Scenario, name: str, runtime: Runtime, seed: int, on_progress: Callable[[Progress], None]
) -> Recording | None:
    """A recording; None if the exam proved nothing."""
    with tempfile.TemporaryDirectory(prefix="brownout-audit-") as scratch:
        out = Path(scratch) / "run"
        stage = stage_control(scenario, name, Path(scratch))
        result = grade(scenario, stage, runtime, seed=seed, out=out, on_progress=on_progress)
        if result.verdict is Verdict.INVALID:
            return None
        if result.verdict is Verdict.FAIL:
            reasons = "; ".join(reason.message for reason in result.reasons)
            raise BadInput(f"the reference of {scenario.lab.id} fails its exam, so nothing is recorded: {reasons}")
        counted = [trial.id for trial in result.trials if trial.verdict is not Verdict.INVALID]
        return of_run(out, scenario.spec, counted, lab_digest(scenario))
