"""A commodity: what its grain looks like in 40 bands, what a lot of it is worth, and the model that grades it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from draws import Floats, Grades
from model import Model

BANDS, LATENTS, NOISE = 40, 5, 0.03
LEARNT, ARCHIVED = 1500, 800
SIZES = (0.3, 0.45)
WET = 1.5
"""So many deviations more of moisture, the first latent. No grade depends on it."""


@dataclass(frozen=True)
class Lots:
    """Lots of a commodity: what is in each (rows of latents), and what it is worth (0 is A, 2 is C)."""

    latents: Floats
    worth: Grades

    def __getitem__(self, which: Any) -> Lots:
        return Lots(self.latents[which], self.worth[which])

    def __len__(self) -> int:
        return len(self.worth)


class Grain:
    """One commodity, all of it drawn."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.mean = 0.8 + 0.3 * smooth(rng) + peaks(rng)
        apart = np.linalg.qr(np.stack([smooth(rng) for _ in range(LATENTS)]).T)[0].T
        self.loadings = apart * rng.uniform(*SIZES, (LATENTS, 1))
        taste = rng.standard_normal(LATENTS - 1)
        self.taste = np.concatenate([[0.0], taste / np.linalg.norm(taste)])
        self.steps = np.array([rng.uniform(0.3, 0.5), rng.uniform(-0.5, -0.3)])
        learnt, archived = self.lots(rng, LEARNT), self.lots(rng, ARCHIVED)
        self.model = Model(self.scans(rng, learnt), learnt.worth)
        self.archive = self.scans(rng, archived).round(4)
        self.graded = archived.worth
        sure = self.model.shares(self.archive)[:, 0]
        self.sure = sure[sure > 0.8]
        """How sure the model is of honest lots that it calls A."""

    def lots(self, rng: np.random.Generator, count: int, wet: bool = False) -> Lots:
        """Any lots; wet ones have more moisture."""
        latents = rng.standard_normal((count, LATENTS))
        latents[:, 0] += WET * wet
        return Lots(latents, (self.steps >= (latents @ self.taste)[:, None]).sum(axis=1))

    def scans(self, rng: np.random.Generator, lots: Lots, gain: float = 1.0) -> Floats:
        """One scan of each lot, by a meter that reads so many times what it should."""
        return (self.clean(lots) + NOISE * rng.standard_normal((len(lots), BANDS))) * gain

    def clean(self, lots: Lots) -> Floats:
        """What a meter without noise would read."""
        return self.mean + lots.latents @ self.loadings

    def off_plane(self, bands: Floats) -> Floats:
        """How far readings lie from all that grain can look like, squared."""
        off = bands - self.mean
        plane = self.loadings / np.linalg.norm(self.loadings, axis=1, keepdims=True)
        far: Floats = ((off - off @ plane.T @ plane) ** 2).sum(axis=1)
        return far

    def own_look(self) -> float:
        """How far off a reading of nothing lies. A meter that reads all bands too high goes that way."""
        return float(np.sqrt(self.off_plane(np.zeros((1, BANDS)))[0]))


def smooth(rng: np.random.Generator) -> Floats:
    """A smooth curve over the bands, 1 where it is largest."""
    hills = (bump(rng, width=rng.uniform(3, 8), height=rng.uniform(-1, 1)) for _ in range(4))
    curve = sum(hills, np.zeros(BANDS))
    tall: Floats = curve / np.abs(curve).max()
    return tall


def peaks(rng: np.random.Generator) -> Floats:
    """What all grain of a commodity absorbs."""
    hills = (bump(rng, width=rng.uniform(1.2, 2.2), height=rng.uniform(0.25, 0.5)) for _ in range(4))
    return sum(hills, np.zeros(BANDS))


def bump(rng: np.random.Generator, width: float, height: float) -> Floats:
    """A hill somewhere over the bands."""
    return height * np.exp(-(((np.arange(BANDS) - rng.uniform(0, BANDS)) / width) ** 2) / 2)
