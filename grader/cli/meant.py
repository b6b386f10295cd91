"""Which lab is meant when a command names none."""

from __future__ import annotations

from grader.course import catalog
from grader.errors import BadInput
from grader.practice import workspace


def meant(lab_id: str) -> str:
    """The lab that was named; else the only one that runs, or the only one that was begun.

    Raises:
        BadInput: there is none, or more than one.
    """
    if lab_id:
        return lab_id
    begun = [name for name in catalog.lab_ids() if workspace.exists(name)]
    running = [name for name in begun if workspace.running(workspace.load(name))]
    if len(running or begun) == 1:
        return (running or begun)[0]
    if not begun:
        raise BadInput("name a lab: none was begun yet; `lab list` shows what there is")
    raise BadInput(f"name a lab: {', '.join(running or begun)} {'run' if running else 'were begun'}")
