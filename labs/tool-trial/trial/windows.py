"""The team's own detectors: two windows side by side, the newer one against the older."""

from __future__ import annotations

from collections import deque
from math import log, sqrt


class Level:
    """Rings when the mean of the last `rows` rows is `bound` standard errors away from that of the rows before."""

    def __init__(self, rows: int = 100, bound: float = 5.0) -> None:
        self.rows, self.bound = rows, bound
        self._start()

    def _start(self) -> None:
        self.drift_detected = False
        self._old: deque[float] = deque()
        self._new: deque[float] = deque()
        self._sums = [0.0, 0.0, 0.0, 0.0]  # old, its squares, new, its squares

    def update(self, x: float) -> None:
        """One row. After an alarm it begins anew."""
        if self.drift_detected:
            self._start()
        sums = self._sums
        self._new.append(x)
        sums[2] += x
        sums[3] += x * x
        if len(self._new) > self.rows:
            moved = self._new.popleft()
            sums[2] -= moved
            sums[3] -= moved * moved
            self._old.append(moved)
            sums[0] += moved
            sums[1] += moved * moved
            if len(self._old) > self.rows:
                gone = self._old.popleft()
                sums[0] -= gone
                sums[1] -= gone * gone
            elif len(self._old) < self.rows:
                return
            self.drift_detected = self._far(*sums)

    def _far(self, old: float, old2: float, new: float, new2: float) -> bool:
        n = self.rows
        spread = (old2 - old * old / n + new2 - new * new / n) / (2 * n - 2)
        return abs(new - old) / n > self.bound * sqrt(2 * max(spread, 1e-12) / n)


class Spread(Level):
    """Rings when the logarithm of the variance of the last `rows` rows is `bound` away from that of the rows before."""

    def _far(self, old: float, old2: float, new: float, new2: float) -> bool:
        n = self.rows
        return abs(log(max(new2 - new * new / n, 1e-12) / max(old2 - old * old / n, 1e-12))) > self.bound
