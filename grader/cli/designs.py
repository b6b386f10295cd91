"""`lab start --control`: a known design on the live page, for who has passed or writes the lab."""

from __future__ import annotations

from grader.course import catalog
from grader.course.control import SHIPPED
from grader.errors import BadInput
from grader.intake.controls import copy_control
from grader.practice import workspace
from grader.practice.rig import Control


def design(lab_id: str, name: str, author: bool) -> Control | None:
    """The control that was asked for, or None where none was.

    Raises:
        BadInput: not passed yet and no author, or there is no such control here.
    """
    if not name:
        if author:
            raise BadInput("--author goes with --control NAME")
        return None
    lab = catalog.find_lab(lab_id)
    if not catalog.has_exam(lab_id):
        raise BadInput(f"the known designs of {lab_id} come with its exam, which is not here")
    if not (author or workspace.load(lab_id).passed):
        raise BadInput(
            f"--control shows a known design of {lab_id} once you have passed; take the exam with `lab grade {lab_id}`"
        )
    scenario = catalog.find_scenario(lab)
    names = (SHIPPED, *(each for each in scenario.controls if each != SHIPPED))
    if name not in names:
        raise BadInput(f"lab {lab_id} has no control {name!r}; it has: {', '.join(names)}")
    return Control(name, lambda into: copy_control(scenario, name, into))


def refuse_in_workshop(name: str) -> None:
    """Refuse a control where a workshop runs the system.

    Raises:
        BadInput: one was asked for.
    """
    if name:
        raise BadInput("--control: your system runs in the workshop, with your files; controls run on a machine alone")
