"""A depot's days: its call-outs, what came of each, what the agency typed of it, and what truly decides.

Day 0 is the first of the season.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt
from casebook.plan import Case, Plan

Array = npt.NDArray[Any]

INPUTS = 5
LATE = 5
"""Days until the outcomes of a day are known."""

HISTORY = 30
"""So many days with outcomes are known when the season begins."""

AUDITED, SLIP = 12, 0.02
"""Rows a day that the foreman looks at, if there are as many; labels that are typed wrongly on any day."""

TURN = np.radians(75)
GRADUAL_DAYS = 60
TROUBLE_DAYS = 12, 20
"""How long labels are wrong, or call-outs few: from, to."""

GRID = np.random.default_rng(20141).standard_normal((800, INPUTS))
"""The rows by which a model is judged, the same for all."""


class DepotCase(Case):
    """A depot in a season: from which day on what happens, and on which days somebody looks at what."""

    depot: str
    season: int
    norm: float
    happenings: dict[str, int]
    judged: dict[str, list[int]]


class SeasonOf(TypedDict):
    """Of a region; `first` is the date of its day 0."""

    region: str
    first: str


class Seasons(Plan[DepotCase]):
    """All that is played: `season` of a case is a place in `seasons`."""

    seasons: list[SeasonOf]
    days: int


@dataclass(frozen=True)
class Day:
    """The call-outs of a day.

    Attributes:
        rows: (n, 5).
        true: whether each needs a second technician, 0 or 1.
        typed: what the agency made of it.
        audited: numbers of the rows that the foreman looked at.
    """

    rows: Array
    true: Array
    typed: Array
    audited: Array


class Depot:
    """One depot of a plan, made from the plan's seed and its own case.

    Attributes:
        day: gives the call-outs of a day; made once.
        first_model: live before the season.
        lasts: days of its trouble, if it has one.
    """

    def __init__(self, seed: int, case: DepotCase) -> None:
        self.id = case["id"]
        self._seed = f"{seed}:{self.id}"
        self._begins = case["happenings"]
        self.day: Callable[[int], Day] = cache(self._made)
        rng = self._rng("weights")
        plane = np.linalg.qr(rng.standard_normal((INPUTS, 2)))[0]
        self._old, self._new = case["norm"] * plane.T
        self._intercept = rng.uniform(-0.5, 0.5)
        self._side = rng.choice((-1, 1))
        self.lasts = int(self._rng("lasts").integers(TROUBLE_DAYS[0], TROUBLE_DAYS[1] + 1))
        self.first_model = self.weights(0) + np.append(0, rng.normal(0, 0.05 * case["norm"], INPUTS))

    def weights(self, day: int) -> Array:
        """What truly decides on a day: the intercept, then a weight an input."""
        angle = TURN if day >= self._begins.get("abrupt", np.inf) else 0.0
        if "gradual" in self._begins:
            angle = TURN * np.clip((day - self._begins["gradual"]) / GRADUAL_DAYS, 0, 1)
        return np.append(self._intercept, np.cos(angle) * self._old + np.sin(angle) * self._new)

    def _made(self, day: int) -> Day:
        rng = self._rng(day)
        count = rng.integers(2, 5) if self._is_on("thin", day) else rng.integers(54, 67)
        rows = rng.standard_normal((count, INPUTS)).round(3)
        weights = self.weights(day)
        true = (rng.random(count) < chance(weights, rows)).astype(int)
        wrong = rng.random(count) < SLIP
        if self._is_on("swapped", day):
            wrong = rows[:, np.argmax(np.abs(weights[1:]))] * self._side > 0
        audited = np.sort(rng.permutation(count)[:AUDITED])
        return Day(rows, true, np.where(wrong, 1 - true, true), audited)

    def accuracy(self, model: Array, day: int) -> float:
        """The share of right decisions that is to be expected of a model on a day."""
        p = chance(self.weights(day), GRID)
        return float(np.where(decisions(model, GRID), p, 1 - p).mean())

    def best(self, day: int) -> float:
        """The same of the best possible model."""
        return self.accuracy(self.weights(day), day)

    def _is_on(self, kind: str, day: int) -> bool:
        begins = self._begins.get(kind)
        return begins is not None and begins <= day < begins + self.lasts

    def _rng(self, what: object) -> np.random.Generator:
        digest = hashlib.blake2b(f"{self._seed}:{what}".encode(), digest_size=8).digest()
        return np.random.default_rng(int.from_bytes(digest))


def chance(weights: Array, rows: Array) -> Array:
    """That each row needs a second technician, if these weights decide."""
    found: Array = 1 / (1 + np.exp(-(weights[0] + rows @ weights[1:])))
    return found


def decisions(model: Array, rows: Array) -> Array:
    """What a model says of rows: whether each needs a second technician."""
    found: Array = model[0] + rows @ model[1:] > 0
    return found
