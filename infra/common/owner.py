"""Who a deployment belongs to: a process, told apart from a later one with the same id by the time it began."""

from __future__ import annotations

import psutil

NOBODY = "none"


def identity(pid: int) -> str:
    """`<pid>:<create time, seconds since the epoch, two decimals>` of a process; create time 0 if it is gone."""
    try:
        return f"{pid}:{psutil.Process(pid).create_time():.2f}"
    except psutil.NoSuchProcess:
        return f"{pid}:0.00"


def alive(who: str) -> bool:
    """Whether the process of that identity still runs; a zombie does not. Malformed identities are dead."""
    pid, _, created = who.partition(":")
    try:
        process = psutil.Process(int(pid))
        same = abs(process.create_time() - float(created)) < 1.0
        return same and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, ValueError):
        return False
