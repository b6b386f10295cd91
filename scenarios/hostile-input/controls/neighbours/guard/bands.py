"""Each band follows from the others: grain is smooth, and has few things in it."""

from __future__ import annotations

from typing import Any

import numpy as np

RIDGE = 0.5
FALSE_ALARMS = 0.003


class Bands:
    def __init__(self, readings: list[dict[str, Any]]) -> None:
        self.bands = np.array([reading["bands"] for reading in readings])
        self.grades = np.array([reading["grade"] for reading in readings])
        self.middle = self.bands.mean(axis=0)
        off = self.bands - self.middle
        inverse = np.linalg.inv(off.T @ off + RIDGE * np.eye(off.shape[1]))
        self.unlike = inverse / np.diag(inverse)  # off @ it: what each band has that the others do not tell
        spread = off @ self.unlike
        self.unlike = self.unlike / spread.std(axis=0)
        self.most = float(np.quantile(self.worst(self.bands), 1 - FALSE_ALARMS))
        value = np.select([self.grades == "A", self.grades == "C"], [1.0, -1.0], 0.0)
        self.worth = inverse @ off.T @ (value - value.mean())
        shares = np.cumsum([np.mean(self.grades == "C"), np.mean(self.grades == "B")])
        self.cuts = np.quantile(off @ self.worth, shares)
        missed = self.graded(self.bands) != self.grades
        self.errors = max(float(missed[self.grades == grade].mean()) for grade in "ABC")
        self.sum_most = float(np.quantile(self.total(self.bands), 1 - FALSE_ALARMS))

    def worst(self, bands: np.ndarray) -> np.ndarray:
        """How far the worst band of each reading is from what the others tell of it."""
        return np.abs((bands - self.middle) @ self.unlike).max(axis=1)

    def total(self, bands: np.ndarray) -> np.ndarray:
        """The same of all bands together."""
        return (((bands - self.middle) @ self.unlike) ** 2).sum(axis=1)

    def odd(self, bands: np.ndarray) -> np.ndarray:
        """Which readings are no grain."""
        return (self.worst(bands) > self.most) | (self.total(bands) > self.sum_most)

    def graded(self, bands: np.ndarray) -> np.ndarray:
        """The grade that the archive alone would give each reading."""
        score = (bands - self.middle) @ self.worth
        return np.where(score > self.cuts[1], "A", np.where(score > self.cuts[0], "B", "C"))
