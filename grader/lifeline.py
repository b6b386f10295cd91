"""What a helper process hears of the process that started it: that it is gone, and its lines on stdin."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
POLL_S = 0.2
STARTER = "BROWNOUT_STARTER"
"""Variable with the id of the process that starts one with a lifeline: it may be gone before that one can look."""


class Lifeline:
    """Knows the parent that this process was started by: the one of `STARTER`, which is taken out of the environment,
    else the one that it had when the object was made. Make it first thing in `main`."""

    def __init__(self) -> None:
        self._parent = int(os.environ.pop(STARTER, "") or os.getppid())

    def cut(self) -> bool:
        """Whether that parent is gone."""
        return os.getppid() != self._parent

    def ask_kernel(self) -> None:
        """On Linux, have the kernel send SIGHUP when the parent's *thread* that started us ends.

        The thread may end before its process does, so the handler of SIGHUP must ask `cut` before it acts. Elsewhere,
        and where it is refused, does nothing: poll `cut` every `POLL_S` seconds as well.
        """
        if sys.platform == "linux":
            with contextlib.suppress(OSError, AttributeError):
                ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGHUP, 0, 0, 0)


def read_line() -> str:
    """The next line of stdin; empty at its end. Not a byte of the line after it is taken: Python's own stream would
    keep that one from who reads the descriptor from then on."""
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as plain:
        return (plain.readline() or b"").decode()
