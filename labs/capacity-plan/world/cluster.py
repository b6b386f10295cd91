"""Workers of all pools, and the jobs that wait: a fluid, in ticks of two halves. All arrays have a row a pool."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pools import CORES, LIVE, TICK_S, Array, Pool

MOST = 400
"""Workers that a pool may have. One it always has."""


class Cluster:
    """Begins with the workers that its first tick needs.

    Attributes:
        ready, coming: workers that work, and those that will in so many ticks (a column each).
        waiting: jobs.
        arrived, late, paid, gpu, cpu: of the last tick: jobs that came, jobs that had then waited for five minutes,
            workers, ready or warming, and how busy they were.
        way: whether the last order was for more, less or as many: 1, -1, 0.
    """

    def __init__(self, pools: Sequence[Pool]) -> None:
        count = len(pools)
        self._seconds = np.array([pool.seconds for pool in pools])
        self._gpu = np.array([pool.gpu_s for pool in pools]) / self._seconds
        self._cpu = np.array([pool.cpu_s for pool in pools]) / CORES / self._seconds
        self._warm_up = np.array([pool.warm_up for pool in pools])
        self.ready = np.array([pool.needed[-LIVE, 0] for pool in pools]).clip(1)
        self.coming = np.zeros((count, self._warm_up.max()))
        self.arrived = np.array([pool.arrivals[-LIVE - 1, -1] for pool in pools])
        self._half = self.arrived / 2
        self.waiting, self.late, self.paid, self.way, self.gpu, self.cpu = np.zeros((6, count))

    def begin(self) -> None:
        """A tick begins: workers that are warm are ready."""
        self.ready = self.ready + self.coming[:, 0]
        self.coming = np.roll(self.coming, -1, axis=1)
        self.coming[:, -1] = 0

    def order(self, wanted: Sequence[float | None]) -> None:
        """So many workers are wanted of each pool, warming ones among them; None: as many as there are. What is too
        many goes at once, the coldest first."""
        have = self.ready + self.coming.sum(axis=1)
        now = np.array([old if new is None else min(max(new, 1), MOST) for new, old in zip(wanted, have, strict=True)])
        self.way = np.sign(now - have)
        self.coming[np.arange(len(have)), self._warm_up - 1] += (now - have).clip(0)
        less = (have - now).clip(0)
        for column in reversed(self.coming.T):
            gone = np.minimum(less, column)
            column -= gone
            less -= gone
        self.ready = self.ready - less
        self.paid = self.ready + self.coming.sum(axis=1)

    def play(self, arrivals: Sequence[float]) -> None:
        """The tick passes. Jobs come evenly and are done in order."""
        self.arrived = np.array(arrivals)
        able, half, done = self.ready * TICK_S / self._seconds / 2, self.arrived / 2, 0
        self.late = np.zeros(len(able))
        for _ in range(2):
            old = self.waiting - self._half  # above 0, so many have waited for five minutes
            work = np.minimum(self.waiting + half, able)
            self.waiting = self.waiting + half - work
            self.late += self._half * above(old, self.waiting - half)
            self._half = half
            done = done + work
        busy = done / (2 * able)
        self.gpu, self.cpu = self._gpu * busy, self._cpu * busy


def above(begin: Array, end: Array) -> Array:
    """The share of a straight line that is above 0."""
    top, bottom = np.maximum(begin, end), np.minimum(begin, end)
    return np.where(top <= 0, 0.0, np.where(bottom >= 0, 1.0, top / np.maximum(top - bottom, 1e-9)))
