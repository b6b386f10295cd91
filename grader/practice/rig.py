"""The system that a candidate practises on: started from the workspace, with gentle traffic, until it is stopped.

It outlives the command that started it. Its name follows from lab and course, so a start that was killed half way is
found and cleared by the next one.
"""

from __future__ import annotations

import hashlib
import os
import random
import secrets
import shlex
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from grader.course import catalog, systems
from grader.errors import BadInput
from grader.practice import background, workspace
from grader.safe import quoted
from infra import own
from infra.errors import InfraError, PlatformBroken, ServiceFailed, SystemRefused, UnknownService
from infra.home import home
from infra.runtime import Deployment, Request, Runtime, runtime

if TYPE_CHECKING:
    from grader.course.spec import Lab, Scenario
    from grader.load.plan import PlannedPhase

RATE = 5.0
HOURS = 4.0
KEPT_EVENTS = int(HOURS * 3600 * RATE)  # of a higher rate they are the newest
RESTART_S = 10.0
_KEEPER = '"$@"; exit $?'
"""The generator ends with its parent; this shell is one that outlives `lab start`."""


@dataclass(frozen=True)
class Control:
    """A known design: its name, and what writes a whole copy of the lab with it into a new folder."""

    name: str
    copy: Callable[[Path], None]


@dataclass(frozen=True)
class Started:
    """A running system; `anew` is False when it ran already."""

    deployment: Deployment
    anew: bool


def runtime_name(asked: str | None) -> str:
    """The runtime to use: the one asked for, BROWNOUT_RUNTIME, or `process`."""
    return asked or os.environ.get("BROWNOUT_RUNTIME") or "process"


def name(lab_id: str) -> str:
    """The deployment's name, unique to this course on this machine."""
    course = hashlib.sha256(str(catalog.root()).encode()).hexdigest()[:4]
    return f"lab-{lab_id[:31]}-{course}"


def start(
    lab: Lab,
    place: Runtime,
    rate: float | None = None,
    *,
    control: Control | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Started:
    """Start a lab's system from its workspace, with traffic of so many requests a second; one that runs already is left
    alone, but for its traffic where a rate is given.

    Args:
        lab: the lab.
        place: where it runs.
        rate: requests a second; None for the usual ones.
        control: a known design that runs in place of the workspace's files.
        meanwhile: called once it is known that the system can run here, before what takes long.

    Raises:
        BadInput: it runs already, on another runtime, with another home or while a control is asked for, or another
            command is at it.
        RuntimeUnavailable, SystemRefused: the runtime cannot run it here.
        ServiceFailed: a service did not start; nothing is left running.
        PlatformBroken: the machine or daemon failed.
    """
    with workspace.lock(lab.id):
        _check_home(lab.id)
        if deployment := attached(lab.id):
            if deployment.runtime != place.name or control:
                raise BadInput(f"{lab.id} runs on {deployment.runtime} already; `lab stop {lab.id}` first")
            keep_traffic(lab, deployment, rate)
            return Started(deployment, anew=False)
        token = secrets.token_hex(16)
        deployment = _deploy(lab, place, token, control, meanwhile)
        began = {"deployment": deployment.name, "runtime": place.name, "boot": workspace.boot_id(), "token": token}
        workspace.update(lab.id, **began, home=str(home()), control=control.name if control else "", traffic=None)
        keep_traffic(lab, deployment, rate)
        return Started(deployment, anew=True)


def _deploy(lab: Lab, place: Runtime, token: str, control: Control | None, meanwhile: Callable[[], None]) -> Deployment:
    described = systems.system(lab)
    place.check()
    if reason := place.refusal(described):
        raise SystemRefused(f"lab {lab.id} cannot run on {place.name}: {reason}")
    meanwhile()
    place.prepare(described)
    end_traffic(lab.id)
    place.clear(name(lab.id))
    shutil.rmtree(_control_folder(lab.id), ignore_errors=True)
    if control:
        control.copy(_control_folder(lab.id))
    return place.deploy(
        described,
        Request(
            name=name(lab.id),
            open_root=_control_folder(lab.id) if control else workspace.folder(lab.id),
            owner_pid=None,
            secrets={"BROWNOUT_TOKEN": token},
        ),
    )


def attached(lab_id: str) -> Deployment | None:
    """The lab's running system, or None."""
    state = workspace.load(lab_id)
    if not workspace.running(state):
        return None
    try:
        return runtime(state.runtime).attach(state.deployment)
    except (UnknownService, PlatformBroken):
        return None


def require(lab_id: str) -> Deployment:
    """The lab's running system.

    Raises:
        BadInput: no such lab, or it does not run, or with another home.
    """
    catalog.lab_folder(lab_id)
    _check_home(lab_id)
    deployment = attached(lab_id)
    if deployment is None:
        raise BadInput(f"{lab_id} does not run; start it with `lab start {lab_id}`")
    return deployment


def _check_home(lab_id: str) -> None:
    """Refuse a system that another state folder keeps: here it would be taken for one that does not run."""
    state = workspace.load(lab_id)
    if workspace.running(state) and state.home not in ("", str(home())) and Path(state.home).is_dir():
        raise BadInput(
            f"{lab_id} was started with another BROWNOUT_HOME; say this first: export "
            f"BROWNOUT_HOME={shlex.quote(state.home)}"
        )


def restart(lab: Lab, service: str | None) -> tuple[str, ...]:
    """Restart one service, or all that run the candidate's code, and wait until they are ready; returns their names.
    Another restart, say by the background sync, is waited for.

    Raises:
        BadInput: it does not run, or has no such service.
        ServiceFailed: a service did not come back; carries the end of its log.
    """
    deployment = require(lab.id)
    workspace.require(lab.id)
    chosen = (check_service(deployment, service),) if service else systems.open_services(lab)
    with workspace.lock(lab.id, RESTART_S):
        for each in chosen:
            deployment.restart(each)
        for each in chosen:
            deployment.wait_ready(each)
    return chosen


def check_service(deployment: Deployment, service: str) -> str:
    """The name itself; BadInput if the system has no such service."""
    if service not in deployment.services():
        raise BadInput(f"there is no service {service!r}; there are: {', '.join(deployment.services())}")
    return service


def stop(lab_id: str) -> bool:
    """Stop system and traffic, and whatever a killed start left. Returns whether anything ran.

    Raises:
        BadInput: no such lab, another home keeps its system, or another command is at it.
    """
    catalog.lab_folder(lab_id)
    with workspace.lock(lab_id):
        _check_home(lab_id)
        state = workspace.load(lab_id)
        ran = end_traffic(lab_id)
        if deployment := attached(lab_id):
            deployment.stop()
            ran = True
        elif state.deployment:
            runtime(state.runtime).clear(state.deployment)
        if state.deployment or state.traffic:
            workspace.save(
                lab_id, replace(state, deployment="", runtime="", boot="", token="", home="", control="", traffic=None)
            )
        for left in (traffic_folder(lab_id), _control_folder(lab_id)):
            shutil.rmtree(left, ignore_errors=True)
        return ran


def pages(lab: Lab, deployment: Deployment) -> dict[str, str]:
    """The lab's pages as URLs that this machine reaches, by name."""
    found = {}
    for page, url in lab.spec.pages.items():
        parts = urlsplit(url)
        try:
            address = deployment.address(parts.hostname or "", parts.port or 80)
        except UnknownService:
            continue
        found[page] = parts._replace(netloc=f"{address.host}:{address.port}").geturl()
    return found


def strays(places: Iterable[Runtime]) -> dict[str, str]:
    """Names of practice systems that run in these places though no workspace knows of them, with their runtime."""
    found = {}
    for lab_id in catalog.lab_ids():
        if workspace.running(workspace.load(lab_id)):
            continue
        for place in places:
            try:
                place.check()
                place.attach(name(lab_id))
            except InfraError:
                continue
            found[name(lab_id)] = place.name
    return found


def keep_traffic(lab: Lab, deployment: Deployment, rate: float | None = None) -> None:
    """Start the background traffic, unless it runs; a lab without a rehearsal has none. A rate replaces what runs."""
    state = workspace.load(lab.id)
    if not (lab.folder / "rehearsal").is_dir():
        return
    if rate is None and background.runs(state.traffic):
        return
    end_traffic(lab.id)
    plan = _write_plan(lab, deployment, RATE if rate is None else rate)
    command = ["/bin/sh", "-c", _KEEPER, "lab", *own.command("grader.load", str(plan))]
    if traffic := background.begin(command, plan.with_suffix(".log")):
        workspace.update(lab.id, traffic=traffic)


def end_traffic(lab_id: str) -> bool:
    """End the background traffic; also what no record knows of, since the page whose button began it was ended first.
    Returns whether any ran."""
    known = background.end(workspace.load(lab_id).traffic)
    return background.end_all(str(_plan(lab_id))) or known


def everyday(scenario: Scenario, seed: int) -> dict[str, Any]:
    """Parameters of everyday traffic: none, since nothing that a trial's parameters speak of is done to the system, and
    answers would be judged as if it were. A load.py that cannot do without has those of the first trial."""
    from grader.course.spec import drawn
    from grader.load.traffic import make_traffic

    try:
        make_traffic(scenario.load_file, {}, seed, _practice(RATE)).request(0)
    except Exception:  # the lab's own code
        return drawn(scenario.spec.trials[0].parameters, random.Random(seed))
    return {}


def _practice(rate: float) -> list[PlannedPhase]:
    from grader.load.plan import PlannedPhase

    return [PlannedPhase(phase="practice", start=0.0, seconds=HOURS * 3600, rate=rate)]


def _write_plan(lab: Lab, deployment: Deployment, rate: float) -> Path:
    from grader.load.plan import LoadPlan

    scenario = catalog.rehearsal(lab)
    seed = secrets.randbelow(2**31)
    folder = traffic_folder(lab.id)
    folder.mkdir(parents=True, exist_ok=True)
    trial = {
        "id": "practice.0",
        "load_file": scenario.load_file,
        "parameters": everyday(scenario, seed),
        "seed": seed,
        "addresses": addresses(lab, deployment),
        "phases": _practice(rate),
        "out": folder / "events.jsonl",
    }
    plan = LoadPlan.model_validate({"start_at": time.time() + 0.5, "trials": [trial], "keep": KEPT_EVENTS})
    path = _plan(lab.id)
    path.write_text(plan.model_dump_json(), "utf-8")
    return path


def addresses(lab: Lab, deployment: Deployment) -> dict[str, str]:
    """Every published port, `<service>:<port>` to `host:port` on this machine."""
    found = {}
    for service in systems.system(lab).services.values():
        for port in service.published:
            address = deployment.address(service.name, port)
            found[f"{service.name}:{port}"] = f"{address.host}:{address.port}"
    return found


def traffic_folder(lab_id: str) -> Path:
    """Where the background traffic has its plan and events."""
    return catalog.root() / ".brownout" / "traffic" / lab_id


def _plan(lab_id: str) -> Path:
    return traffic_folder(lab_id) / "plan.json"


def _control_folder(lab_id: str) -> Path:
    """Where the files of the control lie that runs in place of the workspace's."""
    return catalog.root() / ".brownout" / "control" / lab_id


def failed_lines(error: ServiceFailed, most: int = 20) -> Sequence[str]:
    """The end of a failed service's log as `quoted` shows it, for people."""
    return quoted(error.log_tail, most).strip().splitlines()
