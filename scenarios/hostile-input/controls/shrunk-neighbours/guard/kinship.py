"""How much a reading looks like its kin: the archive's nearest readings of the same commodity.

A reading is explained by its neighbours: their mean, and the ways in which they differ from each other (and in which a
meter may be off: all bands at once). Ways that neighbours do not have are shrunk away. What is left is `rest`: noise in
an honest reading, more in one that no grain made. How much noise is usual is measured, not assumed: every archive
reading is explained by its own neighbours, without itself, and also as a meter that is 2 % off would have sent it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NEIGHBOURS = 400
SHRINK = 1.0
METER_OFF = 0.02
PAIRS = 200
ALIKE = 0.995  # of the pairs of honest scans of one lot, so many are at most `apart` from each other


@dataclass(frozen=True)
class Explained:
    """A reading as its neighbours would have it, and what they cannot explain."""

    clean: Array
    rest: Array

    @property
    def strange(self) -> float:
        return float(np.linalg.norm(self.rest))

    @property
    def peak(self) -> float:
        return float(np.abs(self.rest).max())


class Kin:
    def __init__(self, readings: list[dict[str, Any]]) -> None:
        self.bands = np.array([reading["bands"] for reading in readings], dtype=float)
        self.grades = [reading["grade"] for reading in readings]
        self.noise = float(np.sqrt(np.median(np.linalg.eigvalsh(np.cov(self.bands.T)))))  # of one band
        held_out = [
            self.explain(row * gain, leave=at)
            for off in (0.0, METER_OFF)
            for at, row in enumerate(self.bands)
            for gain in (1 + off if at % 2 else 1 - off,)
        ]
        self.strange = np.sort([one.strange for one in held_out])
        self.peak = np.sort([one.peak for one in held_out])
        self.clean = np.array([one.clean for one in held_out[: len(self.bands)]])
        self.spread = self.usual_spread()
        self.apart = self.usual_apart()

    def explain(self, bands: Array, leave: int | None = None) -> Explained:
        away = ((self.bands - bands) ** 2).sum(axis=1)
        if leave is not None:
            away[leave] = np.inf
        near = self.bands[np.argpartition(away, NEIGHBOURS)[:NEIGHBOURS]]
        middle = near.mean(axis=0)
        off = middle * (METER_OFF / 2 / self.noise)
        ways = (near - middle).T @ (near - middle) + SHRINK * np.outer(off, off)
        explained = np.linalg.solve(ways + SHRINK * np.eye(len(middle)), ways @ (bands - middle))
        return Explained(middle + explained, bands - middle - explained)

    def surprise(self, one: Explained) -> float:
        """The share of held-out readings that were at least as strange; the more striking of the two ways counts."""
        overall = 1 - np.searchsorted(self.strange, one.strange) / len(self.strange)
        single = 1 - np.searchsorted(self.peak, one.peak) / len(self.peak)
        return float(min(overall, single))

    def usual_spread(self) -> float:
        """How far two lots of the archive usually are from each other, without the noise."""
        return float(np.median(np.linalg.norm(self.clean - np.roll(self.clean, 1, axis=0), axis=1)))

    def usual_apart(self) -> float:
        """How far two honest scans of one lot can be from each other, by two good meters."""
        dice = np.random.default_rng(1)
        lots = self.clean[:: max(1, len(self.clean) // PAIRS)]
        gains = dice.uniform(1 - METER_OFF, 1 + METER_OFF, (2, len(lots), 1))
        scans = lots * gains + dice.normal(0, self.noise, (2, *lots.shape))
        pairs = [self.explain(one).clean - self.explain(other).clean for one, other in zip(*scans, strict=True)]
        return float(np.quantile(np.linalg.norm(pairs, axis=1), ALIKE))
