"""Who a process is: its number alone is used again after its end."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Identity:
    """A process: its number, and when it was born in a notation of the platform's own."""

    pid: int
    born: str

    @property
    def alive(self) -> bool:
        """Whether this very process still runs; a zombie does not."""
        return born(self.pid) == self.born


def identify(pid: int) -> Identity | None:
    """The running process of that number, or None if there is none."""
    since = born(pid)
    return None if since is None else Identity(pid, since)


def born(pid: int) -> str | None:
    """When the process of that number began, comparable for equality only; None if it does not run."""
    return _born_linux(pid) if sys.platform == "linux" else _born_elsewhere(pid)


def _born_linux(pid: int) -> str | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] in (b"Z", b"X") else fields[19].decode()


def _born_elsewhere(pid: int) -> str | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else str(process.create_time())
    except psutil.Error:
        return None
