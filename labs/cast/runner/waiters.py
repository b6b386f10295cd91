"""Callers who wait until a run has ended. Their connections are kept aside, so that the loop has no thread for them."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

from runs import BadOrder, Run

MOST_S = 60.0
MOST = 128


class Waiters:
    """Connections by the run that they wait for; `answer` is what each gets, once."""

    def __init__(self, answer: Callable[[Run], bytes]) -> None:
        self._answer = answer
        self._waiting: list[tuple[socket.socket, Run, float]] = []

    def add(self, connection: socket.socket, run: Run, seconds: float) -> bool:
        """Keep a connection; False if there are too many, and it has to be answered now."""
        if len(self._waiting) >= MOST:
            return False
        self._waiting.append((connection, run, time.monotonic() + seconds))
        return True

    def has(self, connection: socket.socket) -> bool:
        """Whether it is kept here, so that nobody else may close it."""
        return any(each is connection for each, _, _ in self._waiting)

    @property
    def due(self) -> list[float]:
        """When the patience of each is over, by the steady clock."""
        return [until for _, _, until in self._waiting]

    def serve(self) -> None:
        """Answer those whose run has ended, or whose patience has."""
        now = time.monotonic()
        ready = [each for each in self._waiting if not each[1].running or each[2] <= now]
        self._waiting = [each for each in self._waiting if each not in ready]
        for connection, run, _ in ready:
            with connection, contextlib.suppress(OSError):
                connection.sendall(self._answer(run))

    def close(self) -> None:
        """Hang up on all."""
        for connection, _, _ in self._waiting:
            connection.close()
        self._waiting.clear()


def seconds_of(text: str) -> float:
    """`wait_s` of a query. BadOrder if it makes no sense."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MOST_S:
        raise BadOrder(f"wait_s: seconds, 0 to {MOST_S:g}")
    return seconds
