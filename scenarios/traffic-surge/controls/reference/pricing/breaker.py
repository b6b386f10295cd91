"""Whether a model is asked at all: not while it does not answer, but for a call now and then that tries."""

from __future__ import annotations

import time

import figures

MOST_BAD = 3  # in a row
TRIES_EVERY_S = 0.2


class Breaker:
    def __init__(self, name: str) -> None:
        self.name = name
        self.bad = 0
        self.tried = 0.0

    def lets(self) -> bool:
        """Whether this call may go; one in a while tries where the breaker is open."""
        now = time.monotonic()
        if self.bad >= MOST_BAD:
            if now - self.tried < TRIES_EVERY_S:
                return False
            self.tried = now
        return True

    def saw(self, well: bool) -> None:
        self.bad = 0 if well else self.bad + 1
        if self.bad == MOST_BAD:
            self.tried = time.monotonic()
            figures.log.warning("the breaker opens", extra={"model": self.name})
