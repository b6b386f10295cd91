"""What grain looks like: a few things are in it, each with its spectrum; a reading is their sum, a gain, and noise.

All of it is learnt from the archive. How much of each thing there is does not matter, so a wet harvest is grain too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Z = 3.0  # so many standard deviations are still chance
GAIN = 0.02  # by so much a good meter may be off
ONE_LOT = 0.1  # a batch with less than this part of the archive's variance is one lot again and again


class Grain:
    def __init__(self, readings: list[dict[str, Any]]) -> None:
        seen = np.array([reading["bands"] for reading in readings])
        mean = seen.mean(axis=0)
        _, strengths, spectra = np.linalg.svd(seen - mean, full_matrices=False)
        self.things = spectra[strengths > 3 * np.median(strengths)]
        own = mean - mean @ self.things.T @ self.things  # what no mixture can add to the mean, so it shows the gain
        self.scale = np.linalg.norm(own)
        self.basis = np.vstack([self.things, own / self.scale])
        self.free = seen.shape[1] - len(self.basis)
        self.noise = np.sqrt((self.rest(seen) ** 2).mean() * seen.shape[1] / self.free)
        self.variance = self.spread(seen)

    def strange(self, rows: list[list[float]]) -> np.ndarray:
        """For each row why it is no reading of this grain, or an empty text."""
        bands = np.array(rows)
        off = (self.rest(bands) ** 2).sum(axis=1) / self.noise**2  # chi-square, near enough to normal as a root
        no_grain = np.sqrt(off) > np.sqrt(self.free) + Z * np.sqrt(0.5)
        gain = bands @ self.basis[-1] / self.scale
        off_gain = np.abs(gain - 1) > GAIN + Z * self.noise / self.scale
        return np.select([no_grain, off_gain], ["not a spectrum of this grain", "all bands are off"], "")

    def one_lot(self, rows: list[list[float]]) -> bool:
        return bool(self.spread(np.array(rows)) < ONE_LOT * self.variance)

    def rest(self, bands: np.ndarray) -> np.ndarray:
        """What no grain and no gain explains."""
        return bands - bands @ self.basis.T @ self.basis

    def spread(self, bands: np.ndarray) -> float:
        return float((bands @ self.things.T).var(axis=0).sum())
