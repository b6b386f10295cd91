"""Processes that outlive the command that started them: told from later ones with the same id, and ended with all that
they started."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infra import own

if TYPE_CHECKING:
    import psutil

GRACE_S = 3.0


@dataclass(frozen=True)
class Background:
    """A process: it is still ours only if pid and creation time (seconds, epoch) both match."""

    pid: int
    created: float


def begin(command: Sequence[str], errors: Path) -> Background | None:
    """Start a process in a session of its own, with a file for its stderr. None if it has ended already."""
    import psutil

    with errors.open("wb") as file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=file,
            cwd=own.ROOT,
            env=own.environment(),
            start_new_session=True,
        )
    try:
        return Background(process.pid, psutil.Process(process.pid).create_time())
    except psutil.NoSuchProcess:
        return None


def runs(one: Background | None) -> bool:
    """Whether that very process is alive."""
    return _process(one) is not None


def end(one: Background | None) -> bool:
    """End it and its children, by force after `GRACE_S` seconds. Returns whether it ran."""
    process = _process(one)
    return process is not None and _end(process)


def end_all(argument: str) -> bool:
    """End every process, and its children, among whose arguments is this one: those too that nobody could write down,
    since who began them was ended first. Returns whether there was any."""
    import psutil

    named = [one for one in psutil.process_iter(["cmdline"]) if argument in (one.info["cmdline"] or ())]
    return any([_end(one) for one in named if one.pid != os.getpid()])


def _end(process: psutil.Process) -> bool:
    import psutil

    try:
        family = [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        return False
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.terminate()
    for member in psutil.wait_procs(family, timeout=GRACE_S)[1]:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    return True


def _process(one: Background | None) -> psutil.Process | None:
    if one is None:
        return None
    import psutil

    from infra.common.owner import began

    try:
        process = psutil.Process(one.pid)
        return process if began(process, one.created) and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None
