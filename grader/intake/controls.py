"""Controls, submissions whose verdict is known, as what they are made of."""

from __future__ import annotations

from pathlib import Path

from grader.course import files
from grader.course.files import is_open
from grader.course.spec import Scenario
from grader.intake.submission import Submission, stage


def stage_control(scenario: Scenario, name: str, scratch: Path) -> Submission:
    """A control as a staged submission, in folders of its own below `scratch`: what somebody hands in who has changed a
    copy of the lab into it.

    `shipped` is always there: the lab as it is.
    """
    copy_control(scenario, name, scratch / "control")
    return stage(scenario.lab, scratch / "control", scratch / "stage")


def copy_control(scenario: Scenario, name: str, into: Path) -> None:
    """A whole copy of the lab as a control has it, as `lab start` makes one of the lab as shipped."""
    lab = scenario.lab
    for found in files.walk(lab.folder):
        if not is_open(found.path, lab.spec.open):
            files.write(into / found.path, (lab.folder / found.path).read_bytes(), found.executable)
    for path, file in scenario.edited(name).items():
        files.write(into / path, file.data, file.executable)


def control_at(scenario: Scenario, folder: Path) -> str | None:
    """The name of the control that a folder is, or None."""
    is_one = folder.resolve().parent == (scenario.folder / "controls").resolve()
    return folder.resolve().name if is_one and folder.resolve().name in scenario.controls else None
