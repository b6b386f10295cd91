"""What grain looks like: a plane of few dimensions, found in the archive, and how far a reading lies off it."""

from __future__ import annotations

from typing import Any

import numpy as np

COMPONENTS = 5
HONEST = 0.995


class Plane:
    def __init__(self, readings: list[dict[str, Any]]) -> None:
        bands = np.array([reading["bands"] for reading in readings])
        self.middle = bands.mean(axis=0)
        self.axes = np.linalg.svd(bands - self.middle, full_matrices=False)[2][:COMPONENTS]
        self.limit = float(np.quantile(self.off(bands), HONEST))

    def off(self, bands: np.ndarray) -> np.ndarray:
        """Squared distances of readings, a row each, from the plane."""
        centred = bands - self.middle
        return ((centred - centred @ self.axes.T @ self.axes) ** 2).sum(axis=1)

    def strange(self, bands: list[list[float]]) -> np.ndarray:
        """Which readings grain does not look like."""
        return self.off(np.array(bands)) > self.limit
