"""`lab start`, `open`, `restart` and `stop`."""

from __future__ import annotations

import sys
import time

from grader.classroom.desk.seat import seat
from grader.cli import live, reading, signals
from grader.cli.console import FAIL, browse, next_step, note, say, stop_with
from grader.course import catalog, plans
from grader.course.slo import Slo
from grader.course.spec import Lab
from grader.errors import BadInput, GraderError
from grader.practice import rig, workspace
from grader.practice.live import journal
from infra.errors import InfraError, ServiceFailed
from infra.runtime import Deployment, runtime


def start(lab_id: str, runtime_name: str, rate: float | None = None, control: rig.Control | None = None) -> None:
    """Make the workspace, start the system with traffic, print the brief meanwhile and what to do. A control, if one is
    given, runs in place of the workspace's files."""
    lab = catalog.find_lab(lab_id)
    for problem in (*plans.old_plan(lab.folder), *plans.untold(lab.folder)):
        raise BadInput(problem)
    place = runtime(rig.runtime_name(runtime_name))
    workspace.create(lab_id)
    began = time.monotonic()
    if not workspace.running(workspace.load(lab_id)):
        note(f"starting {lab_id} on {place.name} ...")
    try:
        with signals.ending(f"the start of {lab_id}; nothing of it runs, and edits in work/{lab_id} stay"):
            started = rig.start(lab, place, rate, control=control, meanwhile=lambda: _meanwhile(lab))
    except ServiceFailed as error:
        _explain(lab_id, error)
    if started.anew:
        journal.forget(lab_id)
    else:
        traffic = "" if rate is None else f", now with {rate:g} requests a second"
        say(f"{lab_id} runs already, on {started.deployment.runtime}{traffic}.")
        show_addresses(lab, started.deployment)
        live.begin(lab_id)
        next_step(f"lab check {lab_id}", "tries your edits in the rehearsal")
        return
    show_addresses(lab, started.deployment)
    if control:
        _show_control(lab, control.name)
    else:
        show_editable(lab)
        say(_how_edits_count(lab))
    note(f"ready after {time.monotonic() - began:.1f} s")
    live.begin(lab_id)
    command, what = seat(lab_id).exam_step()
    next_step(f"lab check {lab_id}", f"rehearses; `{command}` {what}")


def _meanwhile(lab: Lab) -> None:
    introduce(lab)
    if catalog.is_draft(lab.id):
        say(f"This lab is a draft: do not rely on its verdicts (labs/{lab.id}/{catalog.DRAFT} says what is missing).")
    sys.stdout.flush()


def _show_control(lab: Lab, name: str) -> None:
    print()
    say(
        f"It runs the control {name}, not your files, until `lab stop {lab.id}`; check and grade go on with "
        f"work/{lab.id}."
    )


def _how_edits_count(lab: Lab) -> str:
    if not lab.spec.restart:
        return f"Edits reach the system by themselves; `lab watch {lab.id}` rehearses on each save."
    return f"Edits reach the system with `lab restart {lab.id}`, or on each save with `lab watch {lab.id}`."


def brief(lab_id: str, details: bool = False) -> None:
    """Print what `lab start` printed first, or with `details` the page beside it."""
    lab = catalog.find_lab(lab_id)
    if details:
        reading.show(lab.details or f"{lab_id} has no details beside its brief: `lab brief {lab_id}` is all there is.")
        return
    introduce(lab)
    show_editable(lab)
    next_step(f"lab start {lab_id}", "starts it")


def introduce(lab: Lab) -> None:
    """Print the brief, and the objectives if it does not name them."""
    reading.show(lab.brief)
    promised = objectives(lab)
    if all(f"`{slo.id}`" in lab.contract for slo in promised):
        return
    print()
    say("What users are promised:")
    for slo in promised:
        say(f"  - {slo.title} ({100 * slo.target:g} %): {slo.spec.description.strip()}")


def objectives(lab: Lab) -> list[Slo]:
    """The objectives: the exam's where it is here, else the rehearsal's."""
    scenario = catalog.find_scenario(lab) if catalog.has_exam(lab.id) else catalog.rehearsal(lab)
    return list(scenario.slos.values())


def show_addresses(lab: Lab, deployment: Deployment) -> None:
    """Print the lab's pages."""
    pages = rig.pages(lab, deployment)
    if pages:
        print()
        say("Where to look:")
        for page, url in pages.items():
            print(f"  {page:12} {url}")


def show_editable(lab: Lab) -> None:
    """Print what may be edited."""
    print()
    say("What you may edit:")
    for entry in lab.spec.open:
        print(f"  work/{lab.id}/{entry}")
    print()


def _explain(lab_id: str, error: ServiceFailed) -> None:
    note(f"lab: {error}; the end of its log:")
    for line in rig.failed_lines(error):
        print(line, file=sys.stderr)
    note(f"Next: mend it in work/{lab_id}, or see your changes with lab diff {lab_id}")
    stop_with(FAIL)


def open_page(lab_id: str, page: str, only_print: bool) -> None:
    """Open a page of the running lab; the first one by default."""
    lab = catalog.find_lab(lab_id)
    pages = rig.pages(lab, rig.require(lab_id))
    if not pages or (page and page not in pages):
        raise BadInput(f"lab {lab_id} has no page {page!r}; it has: {', '.join(pages) or 'none'}")
    browse(pages[page or next(iter(pages))], only_print)
    note(f"Next: lab logs {lab_id}  (what the services say)")


def restart(lab_id: str, service: str) -> None:
    """Restart one service, or those that run the candidate's code."""
    lab, began = catalog.find_lab(lab_id), time.time()
    try:
        names = rig.restart(lab, service or None)
    except ServiceFailed as error:
        _explain(lab_id, error)
    journal.restarted(lab_id, names, began)
    control = workspace.load(lab_id).control
    say(f"{', '.join(names)} runs {f'the control {control}' if control else 'your code'} again.")
    next_step(f"lab check {lab_id}", "tries it in the rehearsal")


def stop(lab_id: str, every: bool) -> None:
    """Stop one lab, or all; one that cannot be stopped does not keep the others running."""
    if every == bool(lab_id):
        running = [each for each in catalog.lab_ids() if workspace.running(workspace.load(each))]
        raise BadInput(f"name a lab to stop, or say --all; {', '.join(running) or 'none'} runs")
    troubles = []
    for each in catalog.lab_ids() if every else [lab_id]:
        try:
            live.end(each)
            at = seat(each)
            if at.stop():
                say(f"{each} is stopped{at.goes_on}; your edits in work/{each} stay.")
            elif not every:
                say(f"{each} does not run.")
        except (GraderError, InfraError) as error:
            troubles.append(error)
    for trouble in troubles[:-1]:
        note(f"lab: {trouble}")
    if troubles:
        raise troubles[-1]
    next_step(f"lab start {lab_id or 'ID'}", "goes on where you were")
