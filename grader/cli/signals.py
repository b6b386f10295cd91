"""Signals that end the command: told as an exception, so that everything is cleaned up on the way out."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

AGAIN_S = 0.01
PATIENCE_S = 2.0

_LOCKING = {"__enter__", "__exit__", "_acquire_restore"}
"""Where `threading` takes and returns a lock in Python. An exception in there leaves it taken for ever. Every queue,
event and future has such a lock, and so has every pool of connections, whose clean-up then waits for itself."""

told: list[int] = []
"""The signals that told us to end."""

overdue: list[float] = []
"""After how many seconds what `within` bounds was ended, if it was."""

_since = 0.0


def heed() -> None:
    """From now on SIGINT raises KeyboardInterrupt, and SIGTERM and SIGHUP SystemExit, in the main thread."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):  # a shell's background job begins with SIGINT ignored
        signal.signal(number, _told)
    signal.signal(signal.SIGALRM, lambda _, frame: _end(frame))
    sys.unraisablehook = _unraisable


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """End the command as SIGTERM does when what is in the context takes longer; `overdue` tells it from one that was
    sent."""

    def late() -> None:
        overdue.append(seconds)
        os.kill(os.getpid(), signal.SIGTERM)

    timer = threading.Timer(seconds, late)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def ending(what: str) -> Iterator[None]:
    """Where what is in the context is ended by Ctrl-C or by a signal, say so on stderr."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, RuntimeError):  # the last is what DuckDB makes of a signal
        if told and not overdue:
            print(f"\nStopped {what}.", file=sys.stderr)
        raise


def _told(number: int, frame: FrameType | None) -> None:
    global _since
    told.append(number)
    _since = time.monotonic()
    _end(frame)


def _end(frame: FrameType | None) -> None:
    """Raise; a moment later where a lock would be left taken, but soon in any case: it may be one nobody returns."""
    if not told:  # an alarm of somebody else's
        return
    if frame is not None and _locks(frame) and time.monotonic() - _since < PATIENCE_S:
        signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
        return
    raise KeyboardInterrupt if told[-1] == signal.SIGINT else SystemExit(128 + told[-1])


def _locks(frame: FrameType) -> bool:
    return frame.f_code.co_filename == threading.__file__ and frame.f_code.co_name in _LOCKING


def _unraisable(lost: UnraisableHookArgs) -> None:
    """What is raised in a finalizer gets nowhere: raise it again."""
    if told and issubclass(lost.exc_type, KeyboardInterrupt | SystemExit):
        signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
    else:
        sys.__unraisablehook__(lost)
