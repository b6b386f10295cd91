"""`lab join` and `leave`, and `start` and `hint` of a lab that a workshop runs."""

from __future__ import annotations

import time
from pathlib import Path

from grader.classroom.desk import joined, lent, membership
from grader.cli import live, reading, system
from grader.cli.console import next_step, note, plain, say
from grader.course import catalog
from grader.errors import BadInput
from grader.practice import workspace

SEEN = "Your teacher sees how many you took."


def join(folder: Path) -> None:
    """Take a kit, and say what it is for."""
    kit = membership.join(folder)
    say(f"You are {plain(kit.nickname)} in the workshop {kit.workshop}, until {kit.ends}.")
    say(f"What runs for you: {', '.join(kit.labs)}")
    next_step(f"lab start {next(iter(kit.labs), 'ID')}", "shows the brief, and brings what you save to your system")


def leave() -> None:
    """Forget the kit."""
    if joined.joined():
        membership.leave()
        say("The workshop is forgotten here; your edits in work/ and your results stay.")
    else:
        say("This checkout has not joined a workshop.")
    next_step("lab list", "shows the labs")


def start(lab_id: str, runtime_name: str, rate: float | None = None) -> None:
    """Make the workspace, attend the system that runs in the workshop, print the brief and what to do."""
    if rate is not None:
        raise BadInput(f"{lab_id} runs for you in the workshop, which has a rate of its own; leave --rate out")
    if runtime_name not in ("", "k8s"):
        raise BadInput(f"{lab_id} runs for you in the workshop; without --runtime, `lab start {lab_id}` connects to it")
    lab = catalog.find_lab(lab_id)
    workspace.create(lab_id)
    began = time.monotonic()
    note(f"looking for your {lab_id} in the workshop ...")
    started = lent.start(lab)
    if started.anew:
        system.introduce(lab)
    else:
        say(f"{lab_id} runs already, in the workshop.")
    system.show_addresses(lab, started.deployment)
    live.begin(lab_id)
    if started.anew:
        system.show_editable(lab)
        say(f"Each save reaches your system within seconds; `lab status {lab_id}` tells.")
        note(f"ready after {time.monotonic() - began:.1f} s")
    next_step(f"lab submit {lab_id}", "asks the workshop for a verdict; `lab hint` for a hint")


def hint(lab_id: str, again: bool, yes: bool) -> None:
    """Show the next hint, which the examiner gives out, after asking unless `yes`; with `again`, those given before."""
    from grader.classroom.desk import asking

    kit = joined.require()
    if again:
        reading.show("\n\n".join(asking.hints(kit, lab_id)) or "No hint was taken yet.")
    elif not (yes or reading.confirmed(f"hint {workspace.load(lab_id).hints + 1}", SEEN)):
        say("No hint was taken.")
    else:
        given = asking.next_hint(kit, lab_id, workspace.load(lab_id).hints)
        workspace.update(lab_id, hints=given.number)
        reading.show(given.text)
        print()
        say(f"That was hint {given.number}. {SEEN}")
    next_step(f"lab submit {lab_id}", "asks for a verdict on your next idea")
