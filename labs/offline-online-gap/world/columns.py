"""Features of a system as they were served, joined row by row with what training would compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
ROWS = 300
REAL = {"eur": 4.5, "km": 2.5, "days": 5.0, "minutes": 3.5, "meters": 6.0, "points": 1.5}
"""Measures, and the logarithm of what is usual."""
NOUNS = (
    "bed", "stay", "view", "guest", "host", "city", "beach", "week", "season", "offer", "photo", "trip", "pool",
    "rail", "lake", "door", "rent", "tax", "walk", "map",
)  # fmt: skip
UNITS = (0.621371, 1.609344, 0.01, 100.0, 60.0, 3.6, 1.08, 0.9144)
EMPTY, RETRIED, BY = (0.04, 0.1), 3, (0.005, 0.25)
VOLATILE = (0.05, 1.0)

EMPTIED, NEVER = (0.55, 1.0), 0.4
"""The share of rows of which one side knows nothing, of one column where some have defaults; and how often it is all:
a column that nobody serves."""
SKEWED = {"default": (0.07, 0.25), "stale": (0.07, 0.35), "clipped": (0.07, 0.12)}
"""The share of rows that differ, seldom the most; one in fifteen is the least that is called skewed."""


class Columns:
    """Ten columns, by number: 0 and 1 are of one measure, so are 2 and 3; 6 and 7 are counts; 8 and 9 are declared
    volatile. Some have nulls, the same on both sides. Served values are rounded to 32 bits, and up to three
    rows were asked for again, at another moment. None of that is wrong; what is, is in `skewed`."""

    def __init__(self, rng: np.random.Generator, skew: str) -> None:
        self._rng = rng
        self._drawn()
        for at in rng.permutation(8)[:3]:
            self.offline[rng.random(ROWS) < rng.uniform(*EMPTY), at] = np.nan
        self.served = self.offline.copy()
        spoil: Callable[[], list[int]] = getattr(self, f"_{skew}") if skew else list
        self.skewed = spoil()
        for at in (8, 9):
            self._later(at, rng.random(ROWS) < rng.uniform(*VOLATILE), rng.choice((0, 0.25)))
        retried = np.isin(np.arange(ROWS), rng.choice(ROWS, rng.integers(RETRIED + 1), replace=False))
        for at in range(8):
            self._later(at, retried)

    @property
    def asked(self) -> dict[str, Any]:
        """The table as it is sent, its columns in any order."""
        order = self._rng.permutation(len(self.names))
        return {
            "names": [self.names[at] for at in order],
            "volatile": [self.names[at] for at in order if at >= 8],
            "offline": _rows(self.offline[:, order]),
            "served": _rows(self.served[:, order].astype(np.float32).astype(float)),
        }

    def _drawn(self) -> None:
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

    def _some(self, most: int, least: int = 1) -> list[int]:
        """One column to five, by number."""
        found: list[int] = self._rng.permutation(most)[: self._rng.integers(least, 6)].tolist()
        return found

    def _spoilt(self, at: int, kind: str) -> Array:
        """So many rows of a column as this kind spoils; none that is null."""
        rows = self._rng.permutation(np.flatnonzero(~np.isnan(self.offline[:, at])))
        least, most = SKEWED[kind]
        return rows[: int(np.ceil((least + (most - least) * self._rng.random() ** 2) * ROWS))]

    def _emptied(self, at: int) -> Array:
        """Most rows of a column, or all; none that is null."""
        rows = self._rng.permutation(np.flatnonzero(~np.isnan(self.offline[:, at])))
        share = 1.0 if self._rng.random() < NEVER else self._rng.uniform(*EMPTIED)
        return rows[: int(np.ceil(share * len(rows)))]

    def _unit(self) -> list[int]:
        columns = self._some(6)
        for at in columns:
            self.served[:, at] *= self._rng.choice(UNITS)
        return columns

    def _default(self) -> list[int]:
        """Of some rows one side knows nothing, and of one column of most or all. If it is training, the usual value is
        served: the mean is as before."""
        columns = self._some(8, 2)
        for at in columns:
            rows = self._emptied(at) if at == columns[0] else self._spoilt(at, "default")
            if self._rng.random() < 0.5:
                self.served[rows, at] = np.nan
            else:
                self.served[rows, at] = np.nanmean(self.offline[:, at]).round(1)
                self.offline[rows, at] = np.nan
        return columns

    def _stale(self) -> list[int]:
        columns = self._some(8)
        for at in columns:
            self._later(at, np.isin(np.arange(ROWS), self._spoilt(at, "stale")))
        return columns

    def _clipped(self) -> list[int]:
        columns = self._some(6)
        for at in columns:
            most = np.sort(self.offline[:, at][~np.isnan(self.offline[:, at])])[-len(self._spoilt(at, "clipped")) - 1]
            self.served[:, at] = np.minimum(self.served[:, at], most)
        return columns

    def _swapped(self) -> list[int]:
        columns = [(0, 1), (2, 3), (6, 7)][self._rng.integers(3)]
        self.served[:, columns] = self.served[:, columns[::-1]]
        return list(columns)

    def _later(self, at: int, rows: Array, more: float = 0.0) -> None:
        """These rows of a column have the value of another moment."""
        was = self.served[:, at]
        now = was * np.exp(self._rng.normal(more, np.exp(self._rng.uniform(*np.log(BY))), ROWS))
        if self.names[at].endswith("count"):
            now = np.where(np.rint(now) == was, was + self._rng.choice((-1, 1), ROWS), np.rint(now))
        self.served[:, at] = np.where(rows, now, was)


def _rows(table: Array) -> list[list[float | None]]:
    rows = table.tolist()
    return [[None if value != value else value for value in row] for row in rows]
