"""Which processes belong to a service, however they try to leave it, and how to freeze and end them all.

They are the process that was started, its descendants, and what it orphaned: orphans come to the supervisor, a child
subreaper, and are told apart by the marker in their environment. An orphan that dropped its marker belongs to nobody,
and is ended with whatever service is ended first.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

import psutil

from infra.errors import PlatformBroken
from infra.process.plan import MARKER, marked_for

LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_libc = ctypes.CDLL(None) if LINUX else None

Find = Callable[[], list[psutil.Process]]


def adopt_orphans() -> None:
    """Become the parent of everything that descendants orphan (Linux)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with(parent: int) -> None:
    """In a new child: end when the parent does (Linux), and leave no core dump."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def families(roots: Mapping[int, str], deployment: str) -> dict[str | None, list[psutil.Process]]:
    """The living processes below this one by service; None has those of which nobody can say.

    Args:
        roots: service, by the number of the process that was started for it.
    """
    owners: dict[int, str | None] = {}
    found: dict[str | None, list[psutil.Process]] = {}
    for process in _candidates(deployment):
        with suppress(psutil.NoSuchProcess):
            parent = process.ppid()
            owner = roots.get(process.pid) or (owners[parent] if parent in owners else _marked(process, deployment))
            owners[process.pid] = owner
            if process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
                found.setdefault(owner, []).append(process)
    return found


def _candidates(deployment: str) -> list[psutil.Process]:
    descendants = psutil.Process().children(recursive=True)
    return descendants if LINUX else [*descendants, *(p for p in marked(deployment) if p not in descendants)]


def marked(deployment: str | None = None) -> list[psutil.Process]:
    """Every process on this machine that carries the mark of a deployment of this home (None: of any)."""
    return [p for p in psutil.process_iter() if (found := marker(p)) and deployment in (None, found[0])]


def marker(process: psutil.Process) -> tuple[str, str] | None:
    """Deployment and service that a process was started for, if it can be told and is of this home."""
    try:
        return marked_for(process.environ().get(MARKER, ""))
    except (psutil.Error, OSError):
        return None


def _marked(process: psutil.Process, deployment: str) -> str | None:
    found = marker(process)
    return found[1] if found and found[0] == deployment else None


def send(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    """Send a signal to each that still lives."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def freeze(find: Find) -> None:
    """Stop all processes that `find` finds, and those that they forked meanwhile."""
    frozen: set[psutil.Process] = set()
    while new := [process for process in find() if process not in frozen]:
        send(new, signal.SIGSTOP)
        frozen.update(new)


async def end(find: Find, within_s: float = 10.0) -> None:
    """SIGKILL until `find` finds nothing. Frozen first, so that none can outrun us by forking.

    Raises:
        PlatformBroken: some were still there after `within_s` seconds.
    """
    give_up = time.monotonic() + within_s
    freeze(find)
    while left := find():
        if time.monotonic() > give_up:
            raise PlatformBroken(f"processes {[process.pid for process in left]} cannot be killed: wait, or reboot")
        send(left, signal.SIGKILL)
        await asyncio.sleep(0.003)
