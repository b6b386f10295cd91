"""Removes a deployment when its owner is gone: `python -m infra.compose.reaper NAME PID CREATE_TIME`, detached."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from contextlib import closing, suppress

import psutil

from infra import own
from infra.common import owner
from infra.compose import state
from infra.errors import PlatformBroken

LOOK_S = 1.0
AGAIN_AFTER_S = 2.0
QUIET_S = 10.0
TRIES = 10


def launch(name: str, who: str) -> subprocess.Popen[bytes]:
    """Start the reaper of a deployment; it ends by itself when the deployment is stopped."""
    pid, _, created = who.partition(":")
    return subprocess.Popen(
        own.command("infra.compose.reaper", name, pid, created),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=own.environment(),
        start_new_session=True,
    )


def watch(name: str, ours: str | None, who: str) -> bool:
    """Wait until the owner is gone (True), or the deployment of that id (False)."""
    while True:
        if not owner.alive(who):
            return True
        now = state.read(name)
        if now is None or now.id != ours:
            return False
        _sleep(int(who.partition(":")[0]))


def reap(name: str, ours: str | None) -> None:
    """End what the dead owner had begun, then clear until nothing has appeared for `QUIET_S`: what Docker was asked
    for it still makes, on a busy machine seconds later. A deployment with another id than `ours` is left alone.

    Raises:
        PlatformBroken: Docker failed `TRIES` times.
    """
    from infra.compose.sweep import clear

    end_commands(name)
    failures, last = 0, time.monotonic()
    while True:
        now = state.read(name)
        if now is not None and now.id != ours:
            return
        try:
            if clear(name):
                last = time.monotonic()
        except PlatformBroken:
            failures, last = failures + 1, time.monotonic()
            if failures == TRIES:
                raise
        if time.monotonic() - last >= QUIET_S:
            return
        time.sleep(AGAIN_AFTER_S)


def end_commands(name: str) -> None:
    """SIGKILL to every `docker compose` that works on this deployment's file: it outlives who asked for it."""
    file = str(state.folder(name) / state.FILE)
    for process in psutil.process_iter(["cmdline"]):
        if file in (process.info["cmdline"] or []):
            with suppress(psutil.Error):
                process.kill()


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
    mine = state.read(name)
    ours = None if mine is None else mine.id
    try:
        if watch(name, ours, f"{pid}:{created}"):
            reap(name, ours)
    except PlatformBroken:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
