"""`lab status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.classroom.desk.seat import seat
from grader.cli.console import next_step, note, plain, say, table
from grader.course import catalog
from grader.practice import workspace
from grader.practice.seat import Seat
from grader.result import named
from infra.errors import PlatformBroken

if TYPE_CHECKING:
    from infra.runtime import Deployment


def status(lab_id: str) -> None:
    """Print what runs of one lab, or of all that were started."""
    if not lab_id:
        _status_of_all()
        return
    catalog.lab_folder(lab_id)
    from grader.practice import rig

    at = seat(lab_id)
    lab, deployment, state = catalog.find_lab(lab_id), rig.attached(lab_id), workspace.load(lab_id)
    say(f"{lab_id}: {workspace.status(lab_id)}" + (f" on {deployment.runtime}" if deployment else ", not running"))
    if deployment and state.control:
        say(f"It runs the control {state.control}, not your files.")
    if deployment:
        try:
            _services(deployment)
        except PlatformBroken as error:
            note(at.silence(error))
        for page, url in rig.pages(lab, deployment).items():
            print(f"{page}: {url}")
    for paragraph in at.status():
        say(plain(paragraph))
    if workspace.exists(lab_id):
        changed = [str(change.path) for change in workspace.changes(lab_id)]
        say(f"Edited in work/{lab_id}: {', '.join(changed) or 'nothing yet'}")
    if state.hints:
        say(f"Hints taken: {state.hints}")
    if state.verdict:
        say(f"Last exam: {named(state.verdict, state.close)}, in {state.last_run}")
    _after_status(at, deployment is not None)


def _after_status(at: Seat, runs: bool) -> None:
    if runs and at.lent:
        next_step(*at.exam_step())
    elif runs:
        next_step(f"lab check {at.lab_id}", "tries your edits in the rehearsal")
    else:
        next_step(f"lab start {at.lab_id}", "starts it")


def _services(deployment: Deployment) -> None:
    stats = deployment.stats()
    rows = []
    for service in deployment.services():
        used = stats.get(service)
        memory = f"{used.memory_bytes / 1e6:.0f} MB" if used else "-"
        rows.append((service, deployment.status(service).state.value, memory))
    table(("service", "state", "memory"), rows)


def _status_of_all() -> None:
    from grader.practice import rig

    begun = [lab_id for lab_id in catalog.lab_ids() if workspace.status(lab_id) != "new"]
    if begun:
        attached = [rig.attached(lab_id) for lab_id in begun]
        running = [deployment.runtime if deployment else "-" for deployment in attached]
        table(("lab", "status", "runs on"), list(zip(begun, map(workspace.status, begun), running, strict=True)))
        runs = [lab_id for lab_id, place in zip(begun, running, strict=True) if place != "-"]
        next_step(f"lab status {(runs or begun)[0]}", "shows its services and addresses")
    else:
        say("No lab was started yet.")
        next_step("lab list", "shows what there is")
