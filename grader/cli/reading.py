"""`lab hint` and `lab debrief`: what an assessor wrote for the candidate, given out when it is due."""

from __future__ import annotations

import sys
from pathlib import Path

from grader.classroom.desk.seat import seat
from grader.cli.console import asked, next_step, rich_console, say
from grader.course import catalog
from grader.course.hints import hints, read_text
from grader.errors import BadInput
from grader.invocation import pasteable
from grader.practice import workspace

NOTES = "notes.md"


def hint(lab_id: str, again: bool, yes: bool) -> None:
    """Show the next hint and remember it, after asking unless `yes`; with `again`, those taken before."""
    found = hints(_exam_folder(lab_id) / "hints.md")
    taken = min(workspace.load(lab_id).hints, len(found))
    if again:
        show("\n\n".join(found[:taken]) or "No hint was taken yet.")
    elif taken == len(found):
        say(f"You took all {taken} hints; `lab hint {lab_id} --all` shows them again.")
    elif not (yes or workspace.load(lab_id).passed or confirmed(f"hint {taken + 1} of {len(found)}", _price(lab_id))):
        say("No hint was taken.")
    else:
        show(found[taken])
        taken += 1
        workspace.update(lab_id, hints=taken)
        print()
        say(f"That was hint {taken} of {len(found)}. {_price(lab_id)}")
    next_step(f"lab check {lab_id}", "tries your next idea")


def confirmed(which: str, price: str) -> bool:
    """Whether somebody at the terminal wants to spend this hint; without a terminal nobody is asked."""
    if not sys.stdin.isatty():
        return True
    say(f"This would be {which}. {price}")
    return asked("Take it? [y/N] ")


def _price(lab_id: str) -> str:
    if workspace.load(lab_id).passed:
        return "You have passed: it costs nothing."
    return "An interviewer would note it; each one gives away more."


def debrief(lab_id: str, notes: bool = False) -> None:
    """Show the debrief, or with `notes` what its author says of the exam, if the candidate has passed.

    Raises:
        BadInput: not passed yet, or the lab has none.
    """
    seat(lab_id).refuse_debrief()
    folder = _exam_folder(lab_id)
    if not workspace.load(lab_id).passed:
        raise BadInput(f"the debrief of {lab_id} opens once you have passed; take the exam with `lab grade {lab_id}`")
    if notes and not (folder / NOTES).is_file():
        say(f"{lab_id} has no notes on its exam; its debrief says all.")
    else:
        show(read_text(folder / (NOTES if notes else "debrief.md")))
    if workspace.running(workspace.load(lab_id)):
        next_step(f"lab stop {lab_id}", "ends it, your edits stay; `lab list` shows what else there is")
    else:
        next_step("lab list", "shows what else there is")


def show(markdown: str) -> None:
    """Print Markdown."""
    from grader.cli.markdown import Page

    rich_console().print(Page(pasteable(markdown), hyperlinks=False), crop=False)


def _exam_folder(lab_id: str) -> Path:
    catalog.lab_folder(lab_id)
    folder = catalog.root() / "scenarios" / lab_id
    if not folder.is_dir():
        raise BadInput(f"hints and debrief of {lab_id} come with its exam, which is not here: {folder} does not exist")
    return folder
