"""How busy the cluster is, felt as the metronome of an exam feels it: a process works a little at a fixed spacing."""

from __future__ import annotations

import os
import signal
from collections import deque

from grader.classroom.examiner.capacity import SAMPLES
from grader.metronome import Latest, work


class Pulse:
    """The last few stretches of a process that works beside this one. Make it before any thread: it forks."""

    def __init__(self) -> None:
        self._latest = Latest()
        self._last: deque[float] = deque(maxlen=SAMPLES)
        parent = os.getpid()
        self._worker = os.fork()
        if self._worker == 0:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            work(self._latest, parent)
            os._exit(0)

    def feel(self) -> tuple[float, ...]:
        """The last stretches, this moment's included."""
        self._last.append(self._latest.get().stretch)
        return tuple(self._last)

    def end(self) -> None:
        """Stop the process."""
        os.kill(self._worker, signal.SIGKILL)
        os.waitpid(self._worker, 0)
