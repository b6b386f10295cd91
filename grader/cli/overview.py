"""`lab status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.candidate import workspace
from grader.cli.console import next_step, plain, say, table
from grader.course import catalog
from grader.workshop.desk import joined

if TYPE_CHECKING:
    from infra.runtime import Deployment


def status(lab_id: str) -> None:
    """Print what runs of one lab, or of all that were started."""
    if not lab_id:
        _status_of_all()
        return
    catalog.lab_folder(lab_id)
    from grader.candidate import practice
    from grader.cli import lending

    lab, deployment, state = catalog.find_lab(lab_id), practice.attached(lab_id), workspace.load(lab_id)
    say(f"{lab_id}: {workspace.status(lab_id)}" + (f" on {deployment.runtime}" if deployment else ", not running"))
    if deployment and state.control:
        say(f"It runs the control {state.control}, not your files.")
    if deployment:
        with lending.silence_said(lab_id):
            _services(deployment)
        for page, url in practice.pages(lab, deployment).items():
            print(f"{page}: {url}")
    if joined.lends(lab_id):
        for paragraph in lending.status(lab_id):
            say(plain(paragraph))
    if workspace.exists(lab_id):
        changed = [str(change.path) for change in workspace.changes(lab_id)]
        say(f"Edited in work/{lab_id}: {', '.join(changed) or 'nothing yet'}")
    if state.hints:
        say(f"Hints taken: {state.hints}")
    if state.verdict:
        say(f"Last exam: {state.verdict}, in {state.last_run}")
    _after_status(lab_id, deployment is not None)


def _after_status(lab_id: str, runs: bool) -> None:
    from grader.cli import lending

    if runs and joined.lends(lab_id):
        next_step(*lending.exam_step(lab_id))
    elif runs:
        next_step(f"lab check {lab_id}", "tries your edits in the rehearsal")
    else:
        next_step(f"lab start {lab_id}", "starts it")


def _services(deployment: Deployment) -> None:
    stats = deployment.stats()
    rows = []
    for service in deployment.services():
        used = stats.get(service)
        memory = f"{used.memory_bytes / 1e6:.0f} MB" if used else "-"
        rows.append((service, deployment.status(service).state.value, memory))
    table(("service", "state", "memory"), rows)


def _status_of_all() -> None:
    from grader.candidate import practice

    begun = [lab_id for lab_id in catalog.lab_ids() if workspace.status(lab_id) != "new"]
    if begun:
        attached = [practice.attached(lab_id) for lab_id in begun]
        running = [deployment.runtime if deployment else "-" for deployment in attached]
        table(("lab", "status", "runs on"), list(zip(begun, map(workspace.status, begun), running, strict=True)))
        runs = [lab_id for lab_id, place in zip(begun, running, strict=True) if place != "-"]
        next_step(f"lab status {(runs or begun)[0]}", "shows its services and addresses")
    else:
        say("No lab was started yet.")
        next_step("lab list", "shows what there is")
