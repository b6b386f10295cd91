"""Controls, submissions whose verdict is known, as what they are made of."""

from __future__ import annotations

import shutil
from pathlib import Path

from grader.candidate.submission import Submission, stage
from grader.course.spec import Scenario

SHIPPED = "shipped"


def stage_control(scenario: Scenario, name: str, scratch: Path) -> Submission:
    """A control as a staged submission, in folders of its own below `scratch`: its base's files, then its own.

    `shipped` is always there: the lab as it is.
    """
    if name == SHIPPED or scenario.controls[name].kind == "shipped":
        return stage(scenario.lab, None, scratch / "stage")
    control = scenario.controls[name]
    for layer in filter(None, (control.base, name)):
        shutil.copytree(scenario.folder / "controls" / layer, scratch / "control", dirs_exist_ok=True)
    return stage(scenario.lab, scratch / "control", scratch / "stage")
