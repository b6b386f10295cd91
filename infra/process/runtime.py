"""The runtime itself: makes, finds and clears deployments."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from infra import own
from infra.errors import PlatformBroken, RuntimeUnavailable, ServiceFailed, SystemRefused, UnknownService
from infra.home import check_home, home
from infra.images import programs
from infra.images.venvs import environment
from infra.process import folders, ports, ready, rewrite
from infra.process.deployment import ProcessDeployment
from infra.process.identity import Identity, identify
from infra.process.plan import LOGS, PLAN, Plan, read_plan
from infra.process.planning import Planner, wanted_ports
from infra.process.trees import remove_tree
from infra.process.wire import read_endpoint
from infra.runtime import Here, Request
from infra.system import System

SUPERVISOR_LOG = "supervisor.log"
SUPERVISOR_WITHIN_S = 20.0


class ProcessRuntime:
    """Satisfies `infra.runtime.Runtime`, which documents the methods."""

    name = "process"
    walled = False

    def check(self) -> None:
        if os.name != "posix":
            raise RuntimeUnavailable("local processes need Linux: use the runtime compose, or WSL")
        check_home()

    def prepare(self, system: System) -> None:
        for image in sorted(system.images):
            environment(image)

    def programs(self, system: System) -> dict[str, str]:
        found: dict[str, str] = {}
        for image in sorted(system.images):
            found.update(programs.versions(environment(image)))
        return found

    def refusal(self, system: System) -> str | None:
        return rewrite.unwritable(system)

    def describe(self, system: System) -> str:
        raise SystemRefused("local processes have no format of their own: render for another runtime")

    def deploy(self, system: System, request: Request) -> ProcessDeployment:
        """As in the protocol. A service that lost its port to somebody else is tried once more with other ports."""
        if (reason := self.refusal(system)) is not None:
            raise SystemRefused(f"local processes cannot run {system.lab}: {reason}")
        self.prepare(system)
        try:
            return _deploy(system, request, request.lasting_name)
        except _PortLost:
            return _deploy_again(system, request)

    def post(self, name: str, reads: Sequence[Path], writes: Path) -> Here:
        return Here()

    def attach(self, name: str) -> ProcessDeployment:
        found = _attach(name) if folders.is_name(name) else None
        if found is None:
            raise UnknownService(f"there is no deployment {name!r} of local processes")
        return found

    def leftovers(self) -> list[str]:
        return folders.leftovers()

    def clear(self, name: str) -> None:
        if folders.is_name(name):
            folders.clear(name)


class _PortLost(ServiceFailed):
    """A service exited, it seems because somebody had taken its port between our choosing and its binding."""

    def __init__(self, failure: ServiceFailed, taken: bool) -> None:
        super().__init__(failure.service, failure.exit_code, failure.log_tail)
        self.taken = taken


def _deploy_again(system: System, request: Request) -> ProcessDeployment:
    try:
        return _deploy(system, request, "")
    except _PortLost as error:
        if error.taken:
            raise PlatformBroken(f"somebody takes the ports of service {error.service}: end that first") from error
        raise ServiceFailed(error.service, error.exit_code, error.log_tail) from None


def _deploy(system: System, request: Request, ports_of: str) -> ProcessDeployment:
    """`ports_of`: the name whose ports it gets, if they are free; empty for any."""
    with ExitStack() as undo, _own_trouble():
        folder = _settle(system, request, ports_of)
        undo.callback(folders.clear, request.name)
        _launch(folder)
        deployment = _attach(request.name)
        if deployment is None:
            raise PlatformBroken(f"the supervisor of {request.name} ended at once: {_supervisor_log(folder)}")
        undo.pop_all()
        undo.callback(deployment.stop)
        try:
            ready.bring_up(deployment, deployment.services(), request.ready_timeout_s, request.off)
        except ServiceFailed as error:
            raise _blame(deployment, error) from None
        undo.pop_all()
        return deployment


@contextmanager
def _own_trouble() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlatformBroken(f"local processes cannot be run: {error}") from error


def _settle(system: System, request: Request, ports_of: str) -> Path:
    """Give out name and ports, and write the plan down, all at once or not at all."""
    folder = _nameable(request.name)
    with folders.alone():
        if folder.exists():
            if folders.is_live(folder):
                raise SystemRefused(f"a deployment {request.name} runs already: stop it, or choose another name")
            folders.clear(request.name)
        taken = {port for plan in folders.plans() for service in plan.services.values() for port in service.ports}
        wanted = wanted_ports(system)
        chosen = ports.choose(len(wanted), taken, ports_of)
        planner = Planner(system, request, dict(zip(wanted, chosen, strict=True)), folder)
        _write(planner, folders.draft_of(request.name, secrets.token_hex(4)), folder)
    return folder


def _nameable(name: str) -> Path:
    if not folders.is_name(name):
        raise SystemRefused(f"a deployment cannot be named {name!r}: use 1 to 40 of a-z, 0-9 and -")
    return folders.folder_of(name)


def _write(planner: Planner, draft: Path, folder: Path) -> None:
    plan = Plan(
        name=planner.request.name,
        id=secrets.token_hex(8),
        maker=_identity(os.getpid()),
        owner=None if planner.request.owner_pid is None else _identity(planner.request.owner_pid),
        services=planner.services(),
    )
    try:
        draft.mkdir(mode=0o700)
        for path in (folder / LOGS, *planner.folders()):
            (draft / path.relative_to(folder)).mkdir(parents=True, exist_ok=True)
        plan.write(draft / PLAN)
        draft.rename(folder)
    except OSError:
        remove_tree(draft)
        raise


def _identity(pid: int) -> Identity:
    found = identify(pid)
    if found is None:
        raise PlatformBroken(f"process {pid}, the deployment's owner, is gone")
    return found


def _launch(folder: Path) -> None:
    """Start the supervisor; returns when it answers."""
    environ = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(own.ROOT)}
    environ["BROWNOUT_HOME"] = str(home())
    with (folder / SUPERVISOR_LOG).open("wb") as log, _in_time():
        done = subprocess.run(
            own.command("infra.process.supervisor", str(folder)),
            env=environ,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            timeout=SUPERVISOR_WITHIN_S,
        )
    if done.returncode:
        raise PlatformBroken(f"the supervisor cannot be started: {_supervisor_log(folder)}")


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except subprocess.TimeoutExpired as error:
        raise PlatformBroken(
            f"the supervisor did not start within {error.timeout:g} s: this machine is too busy; run again"
        ) from None


def _supervisor_log(folder: Path) -> str:
    return (folder / SUPERVISOR_LOG).read_text("utf-8", "replace")[-1000:].strip()


def _attach(name: str) -> ProcessDeployment | None:
    folder = folders.folder_of(name)
    plan, endpoint = read_plan(folder), read_endpoint(folder)
    if plan is None or endpoint is None or not endpoint.supervisor.alive:
        return None
    return ProcessDeployment(folder, plan, endpoint)


def _blame(deployment: ProcessDeployment, error: ServiceFailed) -> ServiceFailed:
    """Whose fault it was, told once everything of ours is ended: a port still taken is taken by somebody else."""
    mine = deployment.plan(error.service).ports
    deployment.stop()
    taken = error.exit_code is not None and any(ports.is_taken(port) for port in mine)
    return _PortLost(error, taken) if taken or ports.lost(error.log_tail) else error
