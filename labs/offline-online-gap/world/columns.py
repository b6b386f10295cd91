"""Features of a system as they were served, joined row by row with what training would compute."""

from __future__ import annotations

import numpy as np

ROWS = 300
REAL = {"eur": 4.5, "km": 2.5, "days": 5.0, "minutes": 3.5, "meters": 6.0, "points": 1.5}
"""Measures, and the logarithm of what is usual."""
NOUNS = ("bed", "stay", "view", "guest", "host", "city", "beach", "week", "season", "offer", "photo", "trip", "pool")
NOUNS += ("rail", "lake", "door", "rent", "tax", "walk", "map")
UNITS = (0.621371, 1.609344, 0.01, 100.0, 60.0, 3.6)
EMPTY, RETRIED = (0.04, 0.1), 3
VOLATILE, MORE = 0.6, 0.25

DEFAULTS, STALE, CLIPPED = (0.12, 0.25), 0.3, 0.9


class Columns:
    """Ten columns, by number: 0 and 1 are of one measure, so are 2 and 3, then 4 and 5; 6 and 7 are counts; 8 and 9 are
    declared volatile. Some have nulls, the same on both sides. Served values are rounded to 32 bits, and up to three
    rows were asked for again, at another moment. None of that is wrong; what is, is in `skewed`."""

    def __init__(self, rng, skew):
        self._rng = rng
        self._drawn()
        for at in rng.permutation(8)[:3]:
            self.offline[rng.random(ROWS) < rng.uniform(*EMPTY), at] = np.nan
        self.served = self.offline.copy()
        self.skewed = getattr(self, f"_{skew}")() if skew else []
        for at in (8, 9):
            self._later(at, rng.random(ROWS) < VOLATILE, MORE)
        retried = np.isin(np.arange(ROWS), rng.choice(ROWS, rng.integers(RETRIED + 1), replace=False))
        for at in range(8):
            self._later(at, retried)

    @property
    def asked(self):
        """The table as it is sent, its columns in any order."""
        order = self._rng.permutation(len(self.names))
        return {
            "names": [self.names[at] for at in order],
            "volatile": [self.names[at] for at in order if at >= 8],
            "offline": _rows(self.offline[:, order]),
            "served": _rows(self.served[:, order].astype(np.float32).astype(float)),
        }

    def _drawn(self):
        rng = self._rng
        one, other, *rest = rng.permutation(list(REAL))
        measures = [one, one, other, other, *rest[:2], "count", "count", *rest[2:]]
        self.names = [f"{noun}_{each}" for noun, each in zip(rng.permutation(NOUNS), measures, strict=False)]
        usual = {each: REAL[each] + rng.normal(0, 0.3) for each in REAL}
        columns = [
            rng.poisson(rng.uniform(8, 30), ROWS) + 1.0
            if each == "count"
            else np.exp(rng.normal(usual[each], 0.6, ROWS)).round(4)
            for each in measures
        ]
        self.offline = np.stack(columns, 1)

    def _some(self, most):
        """One column or two, by number."""
        return self._rng.permutation(most)[: self._rng.integers(1, 3)].tolist()

    def _unit(self):
        columns = self._some(6)
        for at in columns:
            self.served[:, at] *= self._rng.choice(UNITS)
        return columns

    def _default(self):
        """Nothing is known of some rows; what is served there is the usual value, so the mean is as before."""
        columns = self._some(6)
        for at in columns:
            missing = self._rng.random(ROWS) < self._rng.uniform(*DEFAULTS)
            self.served[missing, at] = np.nanmean(self.offline[:, at]).round(1)
            self.offline[missing, at] = np.nan
        return columns

    def _stale(self):
        columns = self._some(8)
        for at in columns:
            self._later(at, self._rng.random(ROWS) < STALE)
        return columns

    def _clipped(self):
        columns = self._some(6)
        for at in columns:
            self.served[:, at] = np.minimum(self.served[:, at], np.nanquantile(self.offline[:, at], CLIPPED).round(1))
        return columns

    def _swapped(self):
        columns = [0, 1] if self._rng.random() < 0.5 else [2, 3]
        self.served[:, columns] = self.served[:, columns[::-1]]
        return columns

    def _later(self, at, rows, more=0.0):
        """These rows of a column have the value of another moment."""
        was = self.served[:, at]
        now = was * np.exp(self._rng.normal(more, 0.25, ROWS))
        if self.names[at].endswith("count"):
            now = np.where(np.rint(now) == was, was + self._rng.choice((-1, 1), ROWS), np.rint(now))
        self.served[:, at] = np.where(rows, now, was)


def _rows(table):
    rows = table.tolist()
    return [[None if value != value else value for value in row] for row in rows]
