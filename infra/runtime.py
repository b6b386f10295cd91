"""The protocol every runtime answers to, and how runtimes are found.

A runtime is a folder `infra/<name>/` whose package has an attribute `RUNTIME`, an object that satisfies `Runtime`. It
is discovered because it is there. The behaviour, not only the shape, is fixed by `tests/infra/test_conformance.py`.

Deployments outlive the process that made them: each is written down in its state folder, `attach` finds it again from
any process, and everything a deployment can do works on an attached one.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import infra
from infra import own
from infra.errors import RuntimeUnavailable
from infra.system import System


class State(StrEnum):
    """What a service is doing now."""

    RUNNING = "running"
    PAUSED = "paused"
    EXITED = "exited"


@dataclass(frozen=True)
class Address:
    """Where a service's port is reached from this machine; always loopback."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True)
class Status:
    """State of one service.

    Attributes:
        state: see `State`; a service scaled to zero is EXITED.
        exit_code: exit status of the last end, negative for a signal (-9 for SIGKILL); None while it runs.
        replicas: how many instances run now.
    """

    state: State
    exit_code: int | None
    replicas: int


@dataclass(frozen=True)
class Stats:
    """What one service uses now: resident memory in bytes (pages that its processes share count once, where the
    platform can tell), CPU time since its start in seconds, process count."""

    memory_bytes: int
    cpu_seconds: float
    processes: int


@dataclass(frozen=True)
class Request:
    """How a system is to be deployed.

    Attributes:
        name: unique on this machine, `[a-z0-9-]{1,40}`; containers, networks and scratch folders carry it.
        open_root: folder whose files stand in for the lab's open files; None runs the lab as shipped.
        owner_pid: everything is removed when this process is gone; None for a system that outlives its starter.
        secrets: environment variables given to sealed services only, never to open ones.
        ready_timeout_s: how long all services together may take to become ready.
        off: asked while the deployment is made, from any thread; once it is true, it is given up.
    """

    name: str
    open_root: Path | None = None
    owner_pid: int | None = field(default_factory=os.getpid)
    secrets: Mapping[str, str] = field(default_factory=dict)
    ready_timeout_s: float = 30.0
    off: Callable[[], bool] = lambda: False

    @property
    def lasting_name(self) -> str:
        """The name of a system that people come back to, whose ports are the same at each start; else empty."""
        return self.name if self.owner_pid is None else ""


class Deployment(Protocol):
    """One running system.

    Every method that names a service raises `UnknownService` for one that the system does not have, and
    `PlatformBroken` when the machine or daemon under it is gone. `replica` counts from 0.
    """

    name: str
    runtime: str

    def services(self) -> tuple[str, ...]:
        """Names of all services, in start order."""

    def address(self, service: str, port: int, replica: int = 0) -> Address:
        """Where this machine reaches a *published* port of a service. Stable across kill, start and restart.

        Raises:
            UnknownService: the service has no such published port, or no such replica.
        """

    def near(self, service: str, port: int) -> Address:
        """Where the runtime's post reaches a published port: `address`, unless the post is elsewhere. Stable as well.

        Raises:
            UnknownService: the service has no such published port.
        """

    def status(self, service: str) -> Status:
        """State of a service now."""

    def kill(self, service: str) -> None:
        """SIGKILL to every process of every replica; it stays dead until `start`. No error if already dead."""

    def start(self, service: str) -> None:
        """Run a dead service again, with its volumes as they were. Returns when its process runs (it may not be
        ready yet). No error if it runs."""

    def restart(self, service: str) -> None:
        """Kill and start: the way new code gets in. A paused service is resumed by it."""

    def pause(self, service: str) -> None:
        """Freeze all its processes where they stand. Connections stay open and hang. No error if paused.

        Raises:
            ServiceFailed: it does not run.
        """

    def resume(self, service: str) -> None:
        """Thaw a paused service. No error if it is not paused."""

    def scale(self, service: str, replicas: int) -> None:
        """Run this many instances (0 or more).

        Raises:
            SystemRefused: this runtime cannot run that many, with the reason.
        """

    def wait_ready(self, service: str | None = None, timeout_s: float = 30.0) -> None:
        """Wait until a service, or all, answer their readiness URL.

        Raises:
            ServiceFailed: it exited or did not answer in time; carries the end of its log.
        """

    def logs(self, service: str, max_bytes: int = 65536) -> str:
        """The last part of what a service wrote to stdout and stderr, undecodable bytes replaced. What is kept is
        capped at a few MiB a service, however much it writes; kept across kill and restart."""

    def stats(self) -> dict[str, Stats]:
        """Use of memory and CPU by each running service."""

    def stop(self) -> None:
        """End every process, remove every container, network, volume and scratch folder. Safe to call twice."""


class Post(Protocol):
    """Where the processes that load, watch and break systems run: beside the systems, so that what they measure is
    the system and not the way to it."""

    def command(self, module: str, *arguments: str) -> Sequence[str]:
        """The command line of a local process that stands for `python -m module arguments` there: its pipes, its exit
        code, SIGTERM and the end of its parent mean the same. Files it needs are in the folders that the post was
        given, under the same paths; what it writes in `writes` appears here, whole once the process has ended."""

    def close(self) -> None:
        """End what still runs there and remove the post. Safe to call twice."""


class Here:
    """The post of a runtime whose systems run on this machine: this process's own interpreter."""

    def command(self, module: str, *arguments: str) -> Sequence[str]:
        return own.command(module, *arguments)

    def close(self) -> None:
        pass


class Runtime(Protocol):
    """A place where systems run. `walled`: a candidate's code is kept from this machine, from its users' files and from
    other systems, and has bounds; elsewhere no stranger's code may run."""

    name: str
    walled: bool

    def check(self) -> None:
        """Whether it can be used here.

        Raises:
            RuntimeUnavailable: it cannot; the message is one sentence with the remedy.
        """

    def prepare(self, system: System) -> None:
        """Make what the system's images need, once; slow the first time, shows progress on stderr.

        Raises:
            RuntimeUnavailable: an image is missing and cannot be made here; names the command that makes it.
        """

    def programs(self, system: System) -> Mapping[str, str]:
        """Version by name of the programs that its images have from this machine and not from a locked image; only
        once it is prepared."""

    def refusal(self, system: System) -> str | None:
        """Why this runtime cannot run the system, or None if it can."""

    def describe(self, system: System) -> str:
        """What the system becomes here, in the runtime's own format (a Compose file, manifests), with nothing secret.
        Needs neither daemon nor cluster.

        Raises:
            SystemRefused: see `refusal`; or this runtime has no such format.
        """

    def deploy(self, system: System, request: Request) -> Deployment:
        """Start every service in dependency order and wait until all are ready. Whatever is raised, nothing of the
        deployment is left behind.

        Raises:
            SystemRefused: see `refusal`; or the name is not one, or a deployment of that name runs already.
            ServiceFailed: a service exited or was not ready in time.
            PlatformBroken: the machine or daemon failed.
        """

    def post(self, name: str, reads: Sequence[Path], writes: Path) -> Post:
        """A post for one exam; it belongs to this process, and is gone when this process is.

        Args:
            name: as of a deployment.
            reads: folders that its processes read, as they are now; among them the packages that they import.
            writes: folder for their plans (made before each starts) and for all that they write.

        Raises:
            RuntimeUnavailable: systems would not be kept apart here as an exam needs it, or an image is missing.
            PlatformBroken: the machine or daemon failed.
        """

    def attach(self, name: str) -> Deployment:
        """The deployment of that name, made by this or another process.

        Raises:
            UnknownService: there is none.
        """

    def leftovers(self) -> list[str]:
        """Names of deployments whose owner is gone, or of which only parts are left."""

    def clear(self, name: str) -> None:
        """Remove all that is left of a deployment. Safe when there is nothing."""


def runtimes() -> dict[str, Runtime]:
    """Every runtime there is, by name, usable here or not."""
    found: dict[str, Runtime] = {}
    for module in pkgutil.iter_modules(infra.__path__):
        if module.ispkg:
            runtime = getattr(importlib.import_module(f"infra.{module.name}"), "RUNTIME", None)
            if runtime is not None:
                found[module.name] = runtime
    return found


def runtime(name: str) -> Runtime:
    """The runtime of that name.

    Raises:
        RuntimeUnavailable: no such runtime; lists those there are.
    """
    try:
        return runtimes()[name]
    except KeyError:
        raise RuntimeUnavailable(f"there is no runtime {name!r}; there are: {', '.join(sorted(runtimes()))}") from None
