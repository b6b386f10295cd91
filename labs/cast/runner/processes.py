"""Whose child is whose: enough of /proc to end a run with everything that it started.

Elsewhere than on Linux only the run's own process group is found.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Collection
from pathlib import Path

PROC = Path("/proc")
_SET_DUMPABLE, _SET_CHILD_SUBREAPER = 4, 36
_ROUNDS = 50


def threads() -> int:
    """Threads of this process, those of libraries included."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none gets away. Not inherited."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def keep_to_itself(private: bool) -> None:
    """Whether others of the same user may not trace this process, nor read or write its memory. Inherited by forks."""
    _prctl(_SET_DUMPABLE, 0 if private else 1)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def parents() -> dict[int, int]:
    """Parent of each living process; empty where there is no /proc."""
    found = {}
    for entry in PROC.iterdir() if PROC.is_dir() else ():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_bytes().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields[0] not in (b"Z", b"X"):
                found[int(entry.name)] = int(fields[1])
    return found


def family(root: int, others: Collection[int]) -> set[int]:
    """The living processes of a run: `root` and its descendants. With them come this process's own children that are
    none of the `others`: a living run adopts its orphans itself, so these were left by one that is dead."""
    parent = parents()
    known = {root, *others}
    found = {pid for pid, of in parent.items() if pid == root or (of == os.getpid() and pid not in known)}
    grown = True
    while grown:
        more = {pid for pid, of in parent.items() if of in found and pid not in found}
        found |= more
        grown = bool(more)
    return found


def end(root: int, others: Collection[int]) -> int:
    """SIGKILL a run's whole family, until nothing of it is left; how many processes that were.

    `root` must not have been waited for, or it may be someone else's number.
    """
    killed: set[int] = set()
    for _ in range(_ROUNDS):
        living = family(root, others)
        for pid in living:
            _signal(pid)
        killed |= living
        if not living:
            break
    if not PROC.is_dir():
        _signal(-root)
    return len(killed)


def _signal(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)
