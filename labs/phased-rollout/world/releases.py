"""What a release is: its hunger, its size of trouble, its hours. All of it is drawn from the seed of the season."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from casebook.plan import Case

LANGUAGES = 12
FIT = ("fine", "hungry", "cold", "shared")
HUNGER = {"hungry": (1.4, 1.65), "huge": (2.6, 4.0)}
USUAL = (0.8, 1.05)
GUESSES = ((0.4, 0.55), (0.75, 0.9))
"""So far apart that no factor is right for both."""


class Planned(Case):
    """A case: of what kind its release is."""

    kind: str


@dataclass(frozen=True)
class Release:
    """One model of a supplier.

    Attributes:
        kind: what it is, see `meter`.
        hunger: how many times the machine time of the old one it takes; ten times that are the replicas it needs.
        size: by how much its trouble is larger than usual.
        starts: o'clock at which its rollout begins, 21 to 26.
        underrated: what a load test at a low rate makes of its hunger.
        strike_h: hours without labels since its first shadow began.
        weather_h: hours until bad weather, which comes back every eight hours.
        language: the one that a `slice` is bad at.
        hour: o'clock from which a `hour` is late.
        leak_h, crowd_h: hours of load until a `leak` shows, of most users until a `crowd` does.
        back_h: hours that going back takes, in which nobody is served.
    """

    id: str
    kind: str
    hunger: float
    size: float
    starts: float
    underrated: float
    strike_h: float
    weather_h: float
    language: int
    hour: float
    leak_h: float
    crowd_h: float
    back_h: float

    @property
    def fit(self) -> bool:
        """Whether it should serve everybody in the end."""
        return self.kind in FIT

    @property
    def need(self) -> float:
        """Replicas that the evening's peak takes."""
        return 10 * self.hunger


def release(seed: int, case: Planned) -> Release:
    """The release of a case."""
    rng = generator(seed, case["id"], "release")
    return Release(
        id=case["id"],
        kind=case["kind"],
        hunger=rng.uniform(*HUNGER.get(case["kind"], USUAL)),
        size=rng.uniform(0.85, 1.15),
        starts=rng.uniform(21, 26),
        underrated=rng.uniform(*GUESSES[rng.integers(2)]),
        strike_h=rng.uniform(8, 12) if rng.random() < 0.9 else 0.0,
        weather_h=rng.uniform(0, 8),
        language=int(rng.integers(LANGUAGES)),
        hour=rng.uniform(0, 24),
        leak_h=rng.triangular(2.5, 4.5, 4.5),
        crowd_h=rng.uniform(3, 8),
        back_h=rng.uniform(2.5, 4) if case["kind"] == "one-way" else 0.0,
    )


def generator(*of: object) -> np.random.Generator:
    """A generator of random numbers of its own, which tells nothing of any other."""
    return np.random.default_rng(int.from_bytes(hashlib.blake2b(repr(of).encode(), digest_size=16).digest()))
