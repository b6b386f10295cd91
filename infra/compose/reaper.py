"""Removes a deployment when its owner is gone: `python -m infra.compose.reaper NAME PID CREATE_TIME`, detached."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import infra
from infra.common import owner
from infra.compose import state
from infra.errors import PlatformBroken

LOOK_S = 1.0
AGAIN_AFTER_S = 2.0


def launch(name: str, who: str) -> subprocess.Popen[bytes]:
    """Start the reaper of a deployment; it ends by itself when the deployment is stopped."""
    pid, _, created = who.partition(":")
    return subprocess.Popen(
        [sys.executable, "-m", "infra.compose.reaper", name, pid, created],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(Path(infra.__path__[0]).parent), "PYTHONSAFEPATH": "1"},
        start_new_session=True,
    )


def watch(name: str, who: str) -> bool:
    """Wait until the owner is gone (True), or the deployment (False)."""
    mine = state.read(name)
    while True:
        if not owner.alive(who):
            return True
        now = state.read(name)
        if now is None or mine is None or now.id != mine.id:
            return False
        _sleep(int(who.partition(":")[0]))


def reap(name: str) -> None:
    """Clear twice: what a command of the dead owner was making may appear after the first time."""
    from infra.compose.sweep import clear

    clear(name)
    time.sleep(AGAIN_AFTER_S)
    if state.read(name) is None:
        clear(name)


def _sleep(pid: int) -> None:
    """For at most `LOOK_S`, less if the process ends (where the system can tell)."""
    opener = getattr(os, "pidfd_open", None)
    try:
        handle = opener(pid) if opener else None
    except OSError:
        handle = None
    if handle is None:
        time.sleep(LOOK_S / 4)
        return
    with closing(os.fdopen(handle, "rb", buffering=0)) as ended:
        select.select([ended], [], [], LOOK_S)


def main() -> int:
    """Exit code 0, or 1 when Docker was gone as well (then `leftovers` will find the deployment)."""
    name, pid, created = sys.argv[1:]
    try:
        if watch(name, f"{pid}:{created}"):
            reap(name)
    except PlatformBroken:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
