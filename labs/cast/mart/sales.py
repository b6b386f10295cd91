"""The numbers: what was truly sold in a market on a day, drawn from the plan's seed. Everything in canonical units."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Rows = Mapping[str, Any]
"""Column name to a numpy array, all of one length."""

FEWEST, MOST = 60, 90
AUDITED, HELD_OUT = 40, 240
NOISE = 2.0
DRIFT = 0.33  # what a model loses in a day, in units of the noise
SIGNAL = 10.0
INPUTS = ("price", "discount", "temperature", "footfall")
LIMITS = {
    "price": (0.2, 80.0),
    "discount": (0.0, 0.6),
    "temperature": (-20.0, 42.0),
    "footfall": (20.0, 6000.0),
    "sold": (0.0, 400.0),
}
"""What a sound value lies between, canonical units."""


@dataclass(frozen=True)
class World:
    """What holds in a market: of each input its level and spread, and how demand follows from them on day 0."""

    level: Any
    spread: Any
    base: float
    weights: Any
    drift: Any


def generator(*parts: object) -> np.random.Generator:
    """Random numbers that depend on these parts only."""
    digest = hashlib.blake2b(":".join(map(str, parts)).encode(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


@functools.lru_cache(1024)
def world(seed: int, market: str) -> World:
    """A market's own world."""
    rng = generator(seed, market, "world")
    level = np.array([rng.uniform(4, 12), 0.08, rng.uniform(2, 14), rng.uniform(400, 1500)])
    spread = np.array([0.35 * level[0], 0.13, 4.0, 0.2 * level[3]])
    signs = rng.choice([-1.0, 1.0], size=4)
    weights = _length(signs * rng.uniform(0.6, 1.4, size=4), SIGNAL)
    drift = _length(rng.normal(size=4), DRIFT * NOISE)
    return World(level, spread, rng.uniform(90, 130), weights, drift)


def _length(vector: Any, length: float) -> Any:
    return vector * (length / np.linalg.norm(vector))


def demand(place: World, inputs: Any, day: int) -> Any:
    """Expected pieces sold for inputs of shape (rows, 4) on a day."""
    return place.base + ((inputs - place.level) / place.spread) @ (place.weights + day * place.drift)


def draw(seed: int, market: str, day: int, purpose: str, count: int) -> dict[str, Any]:
    """`count` rows of a day: the four inputs and `sold`; each purpose has rows of its own."""
    place = world(seed, market)
    rng = generator(seed, market, day, purpose)
    low, high = np.array([LIMITS[name] for name in INPUTS]).T
    inputs = place.level + place.spread * rng.normal(size=(count, 4))
    inputs[:, 1] = np.where(rng.random(count) < 0.65, 0.0, rng.uniform(0.05, 0.5, size=count))
    inputs = np.clip(inputs, low, high)
    inputs = np.column_stack([np.round(inputs[:, n], digits) for n, digits in enumerate((2, 2, 1, 0))])
    sold = np.clip(np.round(demand(place, inputs, day) + rng.normal(scale=NOISE, size=count)), 0, 400)
    return {**dict(zip(INPUTS, inputs.T, strict=True)), "sold": sold}


@functools.lru_cache(8192)
def batch(seed: int, market: str, day: int, busy: bool, mislabelled: bool) -> dict[str, Any]:
    """The sound rows of a day's batch, with `sku`. `busy`: twice as many; `mislabelled`: `sold` in the wrong rows."""
    rng = generator(seed, market, day, "size")
    count = int(rng.integers(FEWEST, MOST)) * (2 if busy else 1)
    rows = draw(seed, market, day, "batch", count)
    if mislabelled:
        rows["sold"] = generator(seed, market, day, "mislabelled").permutation(rows["sold"])
    numbers = rng.permutation(900)[:count] + 100
    return {"sku": np.array([f"p{number}" for number in numbers]), **rows}


@functools.lru_cache(8192)
def audited(seed: int, market: str, day: int) -> dict[str, Any]:
    """Rows of a day that were counted by hand."""
    return draw(seed, market, day, "audit", AUDITED)


@functools.lru_cache(8192)
def held_out(seed: int, market: str, day: int) -> dict[str, Any]:
    """Rows of a day that nobody but the exam sees."""
    return draw(seed, market, day, "holdout", HELD_OUT)
