"""Circuit breakers: whom we know to fail is not asked, so nobody waits for it.

    closed --(so many failures in a row)--> open --(so many successes in a row)--> closed

While a breaker is open, successes come from a watch (`watched`), or, if it has `retry_s`, from single questions that are
let through as trials, one at a time.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator

from desk import telemetry
from desk.errors import Unavailable

log = logging.getLogger("desk.breaker")


class Breaker:
    def __init__(
        self,
        name: str,
        *,
        failures: int,
        successes: int,
        retry_s: float | None = None,
        on_open: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.closed = True
        self._failures, self._successes, self._retry_s = failures, successes, retry_s
        self._on_open, self._clock = on_open, clock
        self._failed = self._succeeded = 0
        self._era = 0  # number of changes: what began before one says nothing about the time after it
        self._trial = False
        self._next_trial = 0.0
        telemetry.breakers.labels(name).set(0)

    @contextlib.contextmanager
    def guarded(self) -> Iterator[None]:
        """A call for a question.

        Raises:
            Unavailable: the breaker is open; nothing was called.
        """
        trial = False
        if not self.closed:
            if self._retry_s is None or self._trial or self._clock() < self._next_trial:
                raise Unavailable(self.name, "breaker is open")
            trial = self._trial = True
        era = self._era
        try:
            yield
        except Unavailable:
            self._count(era, False)
            raise
        else:
            self._count(era, True)
        finally:
            if trial:
                self._trial = False

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """A call of the watch: it is made whatever the state, and counts."""
        era = self._era
        try:
            yield
        except Unavailable:
            self._count(era, False)
            raise
        else:
            self._count(era, True)

    def _count(self, era: int, success: bool) -> None:
        if era != self._era:
            return
        if success:
            self._failed = 0
            self._succeeded += 1
            if not self.closed and self._succeeded >= self._successes:
                self._turn(True)
        else:
            self._succeeded = 0
            self._failed += 1
            if not self.closed:
                self._next_trial = self._clock() + (self._retry_s or 0.0)
            elif self._failed >= self._failures:
                self._turn(False)
                self._next_trial = self._clock() + (self._retry_s or 0.0)
                self._on_open()

    def _turn(self, closed: bool) -> None:
        self.closed = closed
        self._era += 1
        self._failed = self._succeeded = 0
        telemetry.breakers.labels(self.name).set(0 if closed else 1)
        log.warning("%s: breaker is %s", self.name, "closed" if closed else "open")
