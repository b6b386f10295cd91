"""What is known of a search replica, and which one to ask."""

from __future__ import annotations

import time

import telemetry

USUAL_S, USUAL_A_WORD_S = 0.015, 0.0005
SMOOTHING = 0.2


class Replica:
    """Ill from the first query that is overdue or fails; well again after some in a row that were swift."""

    def __init__(self, name: str, url: str, well_after: int) -> None:
        self.name = name
        self.url = url
        self.ill = False
        self.open = 0
        self.excess_s = 0.0
        self.next_check = 0.0
        self.checking = False
        self._well_after = well_after
        self._swift = 0
        self._ill_at = 0.0

    def began(self) -> float:
        self.open += 1
        return time.monotonic()

    def ended(self, began: float, words: int, patience_s: float, failed: bool) -> None:
        took = time.monotonic() - began
        self.open -= 1
        excess = max(0.0, took - USUAL_S - USUAL_A_WORD_S * words)
        self.excess_s += SMOOTHING * (excess - self.excess_s)
        if failed or took > patience_s:
            self.overdue()
        elif self.ill and began >= self._ill_at:
            self._swift += 1
            if self._swift >= self._well_after:
                self.ill = False
                self.excess_s = 0.0
                telemetry.replica_ill.labels(self.name).set(0)
                telemetry.log.info("replica is well", extra={"replica": self.name})

    def overdue(self) -> None:
        if not self.ill:
            self.ill = True
            self._ill_at = time.monotonic()
            telemetry.replica_ill.labels(self.name).set(1)
            telemetry.log.warning("replica is ill", extra={"replica": self.name})
        self._swift = 0

    def score(self) -> tuple[bool, int, float]:
        """Less is better."""
        return self.ill, self.open, self.excess_s
