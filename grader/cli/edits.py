"""`lab diff` and `lab reset`."""

from __future__ import annotations

import sys

from grader.classroom.desk.seat import seat
from grader.cli.console import OK, asked, next_step, note, paint, plain, say, stop_with
from grader.course import catalog
from grader.errors import BadInput
from grader.practice import workspace

LOCK_S = 3.0
_COLOURS = {"+": "32", "-": "31", "@": "36"}


def diff(lab_id: str) -> None:
    """Print the candidate's changes as one unified diff; the diff alone goes to stdout."""
    changes = workspace.changes(lab_id)
    for change in changes:
        for line in change.lines or [f"{change.what}: {change.path} (empty)"]:
            text = plain(line)
            print(paint(text, _COLOURS[text[0]]) if text[:1] in _COLOURS else text)
    if changes:
        note(f"{len(changes)} file(s) differ. Next: lab check {lab_id}  (tries them in the rehearsal)")
    else:
        note(f"Nothing in work/{lab_id} differs from what shipped. Next: edit it, then lab check {lab_id}")


def reset(lab_id: str, files: tuple[str, ...], yes: bool) -> None:
    """Put files back as shipped, after asking and after keeping a copy."""
    wanted = [c for c in workspace.changes(lab_id) if not files or str(c.path) in files]
    if wanted and not yes:
        for change in wanted:
            print(f"  {change.what:8} {plain(str(change.path))}")
        if not _ask(f"Put {len(wanted)} file(s) of work/{lab_id} back as shipped? [y/N] "):
            say("Nothing was changed.")
            stop_with(OK)
    with workspace.lock(lab_id, LOCK_S):
        changes, kept = workspace.reset(lab_id, files)
    if kept is None:
        say(f"work/{lab_id} is as it shipped already.")
    else:
        say(f"{len(changes)} file(s) are back as shipped. Your version is kept in {kept.relative_to(catalog.root())}.")
    if seat(lab_id).brings_saves():
        next_step(f"lab status {lab_id}", "says when your system has it")
    elif workspace.running(workspace.load(lab_id)):
        next_step(f"lab restart {lab_id}", "lets the running system see it")
    else:
        next_step(f"lab start {lab_id}", "starts it")


def _ask(question: str) -> bool:
    if not sys.stdin.isatty():
        raise BadInput("reset asks first, and there is no terminal to ask on; say --yes if you are sure")
    return asked(question)
