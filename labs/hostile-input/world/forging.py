"""What is done to readings by those who want a better grade than their lot is worth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from draws import Floats, generator
from grain import BANDS, Grain, Lots
from model import GRADES, Model

STEP, MOST = 0.004, 120
OWN_LOOK = 1.0
LOOKED_AT = 400
"""So many lots are looked through for one that a tampering lifts."""


def sound(seed: int, name: str, tries: int = 200) -> Grain:
    """The first grain of that name whose forgeries can be told from grain, and not by the limits of single bands."""
    for at in range(tries):
        grain = Grain(generator(seed, name, "grain", at))
        if grain.own_look() > OWN_LOOK and fair(grain, generator(seed, name, "fair", at)):
            return grain
    raise LookupError("no grain of that seed can be told from forgeries")


def fair(grain: Grain, rng: np.random.Generator) -> bool:
    """Whether forgeries lie off the plane of what grain can look like, and most of them within all limits."""
    lots = grain.lots(rng, 150)
    honest = grain.scans(rng, lots[lots.worth == GRADES.index("C")])
    low, high = grain.archive.min(axis=0), grain.archive.max(axis=0)
    for smoothed, least in ((False, 0.06), (True, 0.035)):
        pushed_up = pushed(grain.model, honest, rng.choice(grain.sure, len(honest)), smoothed)
        off = grain.off_plane(pushed_up - honest + grain.mean)
        if np.quantile(off, 0.1) < least or ((pushed_up < low) | (pushed_up > high)).any(axis=1).mean() > 0.35:
            return False
    return True


def forged(
    grain: Grain, rng: np.random.Generator, gain: float, wet: bool, way: str, digits: int
) -> tuple[Lots, Floats, Floats]:
    """A C lot, its honest reading, and the same pushed until the model is as sure of an A as it is of honest ones."""
    lots = grain.lots(rng, 30, wet)
    lots = lots[lots.worth == GRADES.index("C")]
    scans = grain.scans(rng, lots, gain)
    which = np.flatnonzero(grain.model.grades(scans) == GRADES.index("C"))[:1]
    sent = pushed(grain.model, scans[which], rng.choice(grain.sure, 2).min(), way == "smoothed")
    return lots[which], scans[which[0]], sent.round(digits)


def pushed(model: Model, bands: Floats, wanted: float | Floats, smoothed: bool = False) -> Floats:
    """Readings, each pushed along the sign of the gradient until its share of A is as wanted."""
    bands = bands.copy()
    for _ in range(MOST):
        behind = model.shares(bands)[:, 0] < wanted
        if not behind.any():
            break
        way = np.sign(model.uphill(bands))
        if smoothed:
            way = (np.roll(way, 1, axis=1) + 2 * way + np.roll(way, -1, axis=1)) / 4
        bands += STEP * way * behind[:, None]
    return bands


def tampered(
    grain: Grain, rng: np.random.Generator, gain: float, wet: bool, way: str, digits: int
) -> tuple[Lots, Floats, Floats]:
    """A lot, its honest reading, and the same doctored so that the model gives it a better grade.

    A way that lifts no lot of this commodity gives way to the next."""
    ways = list(WAYS)
    for name in ways[ways.index(way) :] + ways[: ways.index(way)]:
        lots = grain.lots(rng, LOOKED_AT, wet)
        scans = grain.scans(rng, lots, gain)
        right = grain.model.grades(scans) == lots.worth
        doctored = WAYS[name](scans, rng).round(digits)
        which = np.flatnonzero(right & (grain.model.grades(doctored) < lots.worth))[:1]
        if len(which):
            return lots[which], scans[which[0]], doctored[which]
    raise LookupError("no tampering lifts any lot of this commodity")


def spike(scans: Floats, rng: np.random.Generator) -> Floats:
    """One band of each is off."""
    doctored = scans.copy()
    doctored[np.arange(len(scans)), rng.integers(0, BANDS, len(scans))] += rng.choice([-0.4, 0.4], len(scans))
    return doctored


def stretch(scans: Floats, rng: np.random.Generator) -> Floats:
    """All bands of each are times 1.3, or three quarters."""
    doctored: Floats = scans * rng.choice([1.3, 0.75], (len(scans), 1))
    return doctored


def shift(scans: Floats, rng: np.random.Generator) -> Floats:
    """All bands of each are three places off."""
    return np.where(rng.random((len(scans), 1)) < 0.5, np.roll(scans, 3, axis=1), np.roll(scans, -3, axis=1))


def shuffle(scans: Floats, rng: np.random.Generator) -> Floats:
    """The bands of each are in any order."""
    return rng.permuted(scans, axis=1)


WAYS: dict[str, Callable[[Floats, np.random.Generator], Floats]] = {
    "spike": spike,
    "stretch": stretch,
    "shift": shift,
    "shuffle": shuffle,
}
