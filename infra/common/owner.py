"""Who a deployment belongs to: a process, told apart from a later one with the same id by the time it began."""

from __future__ import annotations

import psutil

NOBODY = "none"
CLOCK_S = 2.5
"""Two readings of one process's create time may differ by so much: it is reckoned from the moment of boot, in whole
seconds, which moves by one when the clock is set right."""


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
        return began(process, float(created)) and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, ValueError):
        return False


def began(process: psutil.Process, created: float) -> bool:
    """Whether a process is the one that was created then (seconds since the epoch).

    Raises:
        psutil.Error: it is gone.
    """
    return abs(process.create_time() - created) < CLOCK_S
