"""One exam of a control or of somebody's files, and the row that is kept of it."""

from __future__ import annotations

import hashlib
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path

from grader.authoring.proving.checkout import commit
from grader.authoring.proving.matrix import compare
from grader.course.control import Control
from grader.course.spec import Scenario
from grader.errors import Unproven
from grader.exam import Ends, grade
from grader.intake import staging
from grader.intake.controls import stage_control
from grader.result import Result, Verdict
from infra.errors import PlatformBroken
from infra.runtime import Runtime


@dataclass(frozen=True)
class Exam:
    """One exam.

    Attributes:
        number: counts all exams of a file; the seed follows from it.
        kind: shipped, reference, alternative, fake or stranger.
        expected, got: verdicts.
        aims_at: the objective that the control was made to miss, or nothing.
        failed: objectives that were missed.
        holds: whether it came out as the proof matrix wants it: a fake fails on the objective it was made for, and on
            no other that it does not name.
        burn: of each objective with events, the ratio of bad ones as a multiple of what its target allows.
        tries: which attempt each trial that was run was, by its id; more than 1 where earlier ones proved nothing.
        reasons: codes of the verdict's reasons; trial_reasons: codes of what went wrong in single trials.
        machine: a state of `machine.STATES`.
        duration_s: of the exam, from its first system to its verdict.
        busiest: of the trials that count, the highest, see `grader.result.TrialResult`; None in older rows.
    """

    number: int
    lab: str
    control: str
    kind: str
    expected: str
    got: str
    aims_at: str
    failed: list[str]
    holds: bool
    burn: dict[str, float]
    tries: dict[str, int]
    reasons: list[str]
    trial_reasons: list[str]
    runtime: str
    machine: str
    seed: int
    duration_s: float
    commit: str
    busiest: float | None = None

    @property
    def is_false(self) -> bool:
        """Whether it gave the opposite of the right verdict; an invalid one did not."""
        return {self.expected, self.got} == {"pass", "fail"}


def controls_of(scenario: Scenario, strangers: bool = False) -> list[str]:
    """Names of the controls that a lab's author made, or of the designs of strangers, which are counted apart."""
    return [name for name, control in scenario.controls.items() if (control.kind == "stranger") is strangers]


def seed_of(*parts: object) -> int:
    """A seed that follows from whatever names an exam."""
    text = ":".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1


def sit(
    scenario: Scenario,
    control: str,
    runtime: Runtime,
    *,
    number: int,
    machine: str,
    seed: int,
    keep: Path | None = None,
    ends: Ends = Ends.VERDICT,
) -> Exam:
    """Grade a control once, its trials as a candidate meets them, until the objective that it was made for is decided.

    Args:
        keep: a folder for the run folders of exams that do not hold.
        ends: as for `grader.exam.grade`.

    Raises:
        GraderError, InfraError: the exam cannot be held at all; a machine that broke down in it is an invalid exam.
    """
    spec = scenario.controls[control]
    blank = _blank(scenario, control, spec, runtime, number=number, machine=machine, seed=seed)
    began = time.monotonic()
    with staging.folder() as scratch:
        try:
            submission = stage_control(scenario, control, scratch)
            out = scratch / "run"
            result = grade(scenario, submission, runtime, seed=seed, out=out, until=spec.fails, ends=ends)
            exam = graded(blank, spec, result)
        except (Unproven, PlatformBroken) as error:
            code = error.code if isinstance(error, Unproven) else "platform"
            exam = replace(blank, reasons=[code], duration_s=round(time.monotonic() - began, 3))
        if keep is not None and not exam.holds and (scratch / "run").is_dir():
            _keep(scratch / "run", keep, exam)
    return exam


def _blank(
    scenario: Scenario, name: str, spec: Control, runtime: Runtime, *, number: int, machine: str, seed: int
) -> Exam:
    """The row of an exam that has not been held."""
    return Exam(
        number=number,
        lab=scenario.lab.id,
        control=name,
        kind=spec.kind,
        expected="pass" if spec.fails is None else "fail",
        got="invalid",
        aims_at=spec.fails or "",
        failed=[],
        holds=False,
        burn={},
        tries={},
        reasons=[],
        trial_reasons=[],
        runtime=runtime.name,
        machine=machine,
        seed=seed,
        duration_s=0.0,
        commit=commit(),
    )


def graded(blank: Exam, control: Control, result: Result) -> Exam:
    """The row with what came out."""
    row = compare(blank.lab, blank.control, control, result, 1, result.duration_s)
    return replace(
        blank,
        got=result.verdict.value,
        failed=list(row.failed),
        holds=row.holds,
        burn=dict(row.burn),
        tries={trial.id: trial.attempt for trial in result.trials},
        reasons=sorted({reason.code for reason in result.reasons}),
        trial_reasons=sorted({reason.code for trial in result.trials for reason in trial.reasons}),
        duration_s=result.duration_s,
        busiest=max((trial.busiest for trial in result.trials if trial.verdict is not Verdict.INVALID), default=None),
    )


def _keep(run: Path, keep: Path, exam: Exam) -> None:
    target = keep / f"{exam.lab}-{exam.control}-{exam.runtime}-{exam.machine}-{exam.seed}"
    shutil.copytree(run, target, dirs_exist_ok=True)
