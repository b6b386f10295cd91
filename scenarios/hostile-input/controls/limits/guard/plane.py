"""What grain looks like: no band is below or above all that the archive has of it."""

from __future__ import annotations

from typing import Any

import numpy as np


class Plane:
    def __init__(self, readings: list[dict[str, Any]]) -> None:
        bands = np.array([reading["bands"] for reading in readings])
        self.low, self.high = bands.min(axis=0), bands.max(axis=0)

    def strange(self, bands: list[list[float]]) -> np.ndarray:
        """Which readings grain does not look like."""
        seen = np.array(bands)
        return ((seen < self.low) | (seen > self.high)).any(axis=1)
