"""What the commands say otherwise in a checkout that joined a workshop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from grader.candidate import workspace
from grader.cli.console import note
from grader.course import catalog
from grader.errors import BadInput
from grader.workshop.desk import joined, lent
from infra.errors import PlatformBroken


def exam_step(lab_id: str) -> tuple[str, str]:
    """The command that gets a verdict, and what it does."""
    if joined.lends(lab_id):
        return f"lab submit {lab_id}", "asks the workshop for a verdict"
    if not catalog.has_exam(lab_id):
        return f"lab pack {lab_id}", "packs what you hand in"
    return f"lab grade {lab_id}", "takes the exam"


def brings_saves(lab_id: str) -> bool:
    """Whether saved files reach the system by themselves."""
    return joined.lends(lab_id) and lent.syncs(lab_id)


def refuse_exam(lab_id: str) -> None:
    """Raise BadInput where the workshop holds the exam, which is not here."""
    if joined.lends(lab_id) and not catalog.has_exam(lab_id):
        raise BadInput(f"the exam of {lab_id} is held by the workshop: `lab submit {lab_id}` asks for a verdict")


def refuse_debrief(lab_id: str) -> None:
    """Raise BadInput where the workshop has the debrief, which is not here."""
    if joined.lends(lab_id) and not catalog.has_exam(lab_id):
        raise BadInput(f"the debrief of {lab_id} is with your teacher; ask them for it once you have passed")


def without_rehearsal(lab_id: str, error: Exception) -> Exception:
    """What to raise where nothing can be rehearsed on this machine."""
    if not joined.lends(lab_id):
        return error
    return BadInput(
        f"the rehearsal cannot run on this machine ({error}); your system in the workshop has your edits: look at it "
        f"with `lab open {lab_id}`, and ask for a verdict with `lab submit {lab_id}`"
    )


@contextmanager
def silence_said(lab_id: str) -> Iterator[None]:
    """A system of the workshop that does not answer is said, and no reason to say no more."""
    try:
        yield
    except PlatformBroken as error:
        if not joined.lends(lab_id):
            raise
        note(f"your system does not answer: {joined.expired() if joined.over() else error}")


def status(lab_id: str) -> list[str]:
    """What `lab status` says of the workshop and of the background sync, as paragraphs."""
    kit = joined.require()
    found = [f"Runs for you in the workshop {kit.workshop}, until {kit.ends}."]
    log = lent.sync_log(lab_id).relative_to(catalog.root())
    if not lent.syncs(lab_id):
        why = "has ended" if workspace.load(lab_id).sync else "does not run"
        return [*found, f"Saved files are not brought to it: the sync {why}; `lab start {lab_id}` starts it."]
    now = lent.sync_status(lab_id)
    brought = f"last at {now['brought']}" if now.get("brought") else "none yet"
    found.append(f"Saved files are brought to it by themselves ({brought}); what came of it is in {log}.")
    found += [f"Trouble: {now[key]}" for key in ("trouble", "desk") if now.get(key)]
    return found
