"""Carries what a service writes from a pipe into its log, at a bounded pace."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from infra.process.logfile import CappedLog

CHUNK_BYTES = 1 << 16
WINDOW_S = 0.1
WINDOW_BYTES = 1 << 20


class Pump:
    """Reads a pipe whenever it has something, at most `WINDOW_BYTES` each `WINDOW_S` seconds.

    A service that writes faster waits in its own write, as with any full pipe: nothing is lost on the way, and neither
    the disk nor the supervisor is flooded.
    """

    def __init__(self, pipe: int, log: CappedLog, broken: Callable[[OSError], None]) -> None:
        """Take over the reading end; `broken` is told when the log cannot be written."""
        self._pipe, self._log, self._broken = pipe, log, broken
        self._loop = asyncio.get_running_loop()
        self._window_end, self._left = 0.0, 0
        self._pause: asyncio.TimerHandle | None = None
        self._open = True
        os.set_blocking(pipe, False)
        self._loop.add_reader(pipe, self._readable)

    def close(self) -> None:
        """Carry over what is in the pipe, then let go of it."""
        for _ in range(WINDOW_BYTES // CHUNK_BYTES):
            if not self._open or not self._carry():
                break
        self._release()

    def _readable(self) -> None:
        now = self._loop.time()
        if now >= self._window_end:
            self._window_end, self._left = now + WINDOW_S, WINDOW_BYTES
        carried = self._carry()
        self._left -= carried
        if self._open and self._left <= 0:
            self._loop.remove_reader(self._pipe)
            self._pause = self._loop.call_at(self._window_end, self._again)

    def _again(self) -> None:
        self._pause = None
        self._loop.add_reader(self._pipe, self._readable)

    def _carry(self) -> int:
        try:
            data = os.read(self._pipe, CHUNK_BYTES)
        except BlockingIOError:
            return 0
        if not data:
            self._release()
        try:
            self._log.write(data)
        except OSError as error:
            self._broken(error)
        return len(data)

    def _release(self) -> None:
        if self._open:
            self._open = False
            self._loop.remove_reader(self._pipe)
            if self._pause is not None:
                self._pause.cancel()
            os.close(self._pipe)
