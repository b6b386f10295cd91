"""What is seen of a collection: a day of its searches, and a canary."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from collection import Collection, numbers
from stock import Array

QUERIES = 100
TYPED, HASTY, HAIR, ROUND = 4.0, 14.0, 1, 16
"""People write the same thing differently, more so when they write little; a model's numbers differ by a hair from
call to call; rounded ones are multiples of the last."""
GARDEN = {True: 0.6, False: 0.15}
"""The share of queries for a garden's machines, at weekends and else."""
SHORT = 0.8
SEEN, STRAY = 0.8, 0.08
"""How often what is found is opened; and something else, when it is not."""


def odd(one: Collection, day: int) -> str:
    """What is harmless and odd about a day."""
    harmless = one.case.get("harmless")
    return harmless["kind"] if harmless and harmless["day"] <= day < harmless["day"] + harmless["days"] else ""


def packed(rows: Array) -> str:
    """Vectors of eight bits in base64, one after the other."""
    return base64.b64encode(rows.astype(np.int8).tobytes()).decode()


def embedded(one: Collection, vectors: Array, day: int, rng: np.random.Generator, typed: float = 0.0) -> Array:
    """Query vectors as the vendor gives them on a day."""
    rows = vectors + rng.normal(0, typed, vectors.shape) + rng.integers(-HAIR, HAIR + 1, vectors.shape)
    if odd(one, day) == "rounded":
        rows = np.rint(rows / ROUND) * ROUND
    return np.clip(np.rint(rows), -127, 127).astype(np.int8)


def searches(one: Collection, day: int, *, weekend: bool) -> dict[str, Any]:
    """A day as the monitor gets it."""
    rng = numbers(one.seed, one.case["id"], "day", day)
    what = odd(one, day)
    mix = GARDEN[weekend or what == "holiday"]
    weights = one.weights * one.there[: one.most]
    for garden in (True, False):
        some = one.garden == garden
        weights[some] *= (mix if garden else 1 - mix) / weights[some].sum()
    places = rng.choice(one.most, QUERIES, p=weights / weights.sum())
    if one.wanted:
        new = rng.random(QUERIES) < one.wanted["share"]
        places[new] = rng.integers(one.most, one.total, int(new.sum()))
    asks = one.spaces[one.asks]
    vectors = np.where(rng.random(QUERIES)[:, None] < 0.5, asks.one[places], asks.two[places])
    if what == "shorter":
        vectors = np.where(rng.random(QUERIES)[:, None] < SHORT, asks.short[places], vectors)
    vectors = embedded(one, vectors, day, rng, HASTY if what == "shorter" else TYPED)
    best, values = one.found(vectors)
    return {
        "queries": packed(vectors),
        "similarities": np.round(values.astype(float), 3).tolist(),
        "opened": opened(best, places, rng).tolist(),
        "documents": int(one.there.sum()),
    }


def opened(best: Array, places: Array, rng: np.random.Generator) -> Array:
    """The rank that was opened, 0 for none: mostly the right one if it was found."""
    hit = best == places[:, None]
    luck = rng.random(len(places))
    right = np.where(hit.any(1) & (luck < SEEN), hit.argmax(1) + 1, 0)
    stray = np.where(rng.random(len(places)) < STRAY, rng.integers(1, best.shape[1] + 1, len(places)), 0)
    return np.where(right > 0, right, stray)


def canary(one: Collection, day: int) -> dict[str, Any]:
    """Fixed pairs of a query and its article: both vectors, and the rank at which it is found (0: not among five)."""
    rng = numbers(one.seed, one.case["id"], "canary", day)
    vectors = embedded(one, one.spaces[one.asks].one[one.pairs], day, rng)
    best, _ = one.found(vectors)
    hit = best == one.pairs[:, None]
    return {
        "articles": one.articles[one.pairs].tolist(),
        "queries": packed(vectors),
        "stored": packed(one.stored[one.pairs]),
        "ranks": np.where(hit.any(1), hit.argmax(1) + 1, 0).tolist(),
    }
