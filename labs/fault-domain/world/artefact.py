"""A cell's model: the released one, and what was put live in its place."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from random import Random
from statistics import fmean, median
from typing import Any

from freight import Freight
from machines import BACKGROUND, Row, strength

GOLDEN, FAILING = 40, 4
SCATTERED = 0.75
"""How often the rows that fail have a digit in common, and not a place in a column."""


Weights = dict[str, float]


class Artefact:
    """The model of a cell and its faults: `wrong-weights`, `slow-artefact`, `wrong-class`, `failing-rows`."""

    def __init__(self, rng: Random, noise: Random, freight: Freight, faults: Collection[str]) -> None:
        self._noise, self._inputs = noise, freight.inputs
        self._classes = freight.trucks
        self.tolerance = round(0.02 * 20 ** rng.random(), 3)
        self.card_ms = round(rng.uniform(3, 15), 1)
        rows = [freight.features(freight.container(rng)) for _ in range(GOLDEN)]
        for n, row in enumerate(rows):
            row["truck"] = self._classes[n % len(self._classes)]
        self._centre = {name: fmean(row[name] for row in rows) for name in self._inputs}
        self._scale = {name: fmean(abs(row[name] - self._centre[name]) for row in rows) for name in self._inputs}
        self._base = rng.uniform(45, 90)
        self._effects: dict[str | None, float] = {truck: rng.uniform(-8, 8) for truck in self._classes}
        self._weights = self._drawn(rng)
        rng.shuffle(rows)
        self.golden = [{"row": row, "minutes": self._tidy(self.released(row))} for row in rows]
        self._slow = strength(rng, 1.8, 3.0, 12) if "slow-artefact" in faults else rng.uniform(0.95, 1.15)
        self._other = self._spoilt_weights(rng, rows) if "wrong-weights" in faults else None
        self._spoilt = rng.choice(self._classes) if "wrong-class" in faults else None
        self._turn = self._turned(rng, rows)
        self._shift = rng.choice((-1, 1)) * strength(rng, 2, 8, 400) * self.tolerance
        self._failing = self._band(rng, rows) if "failing-rows" in faults else None

    def released(self, row: Row) -> float:
        """Minutes, as the released artefact has them. What is null is taken for usual."""
        return self._minutes(row, self._weights) + self._effects.get(row.get("truck"), 0.0)

    def answer(self, row: Row) -> float | None:
        """Minutes, as the artefact that is live has them; None where it fails on the row."""
        if self.fails(row):
            return None
        minutes = self._minutes(row, self._other or self._weights) + self._effects.get(row.get("truck"), 0.0)
        if self._spoilt and row.get("truck") == self._spoilt:
            name, middle = self._turn
            minutes += -self._shift if row.get(name) is None or row[name] <= middle else self._shift
        return self._tidy(minutes)

    def fails(self, row: Row) -> bool:
        """Whether the artefact breaks on a row that the released one answers."""
        if self._failing is None:
            return False
        name, low, high, digits = self._failing
        return row.get(name) is not None and low <= row[name] <= high and last_digit(row[name]) in digits

    def compute_ms(self) -> float:
        """What a row takes on a machine without users."""
        return self.card_ms * self._slow * self._noise.lognormvariate(0, 0.08)

    def on_the_bench(self, row: Row) -> tuple[float | None, float]:
        """A row's answer there: minutes (None for a failure) and milliseconds."""
        return None if self._noise.random() < BACKGROUND else self.answer(row), self.compute_ms()

    def checked(self, row: Any) -> Row:
        """A stranger's row; ValueError if it is none."""
        if not isinstance(row, dict) or set(row) != {*self._inputs, "truck"}:
            raise ValueError("rows: each must have the features of the golden rows, no others")
        if not all(row[name] is None or type(row[name]) in (int, float) for name in self._inputs):
            raise ValueError("rows: a feature is a number or null")
        if row["truck"] is not None and row["truck"] not in self._classes:
            raise ValueError("rows: truck must be one of the golden rows' or null")
        return row

    def rollback(self) -> None:
        """The released artefact, as it was."""
        self._slow, self._other, self._spoilt, self._failing = 1.0, None, None, None

    def _minutes(self, row: Row, weights: Weights) -> float:
        terms: list[float] = [
            weights[name] * ((value - self._centre[name]) / self._scale[name])
            for name in self._inputs
            if (value := row[name]) is not None
        ]
        return self._base + sum(terms)

    def _drawn(self, rng: Random) -> Weights:
        return {name: rng.choice((-1, 1)) * rng.uniform(2, 5.5) for name in self._inputs}

    def _spoilt_weights(self, rng: Random, rows: list[Row]) -> Weights:
        """Weights with which the golden rows are so many tolerances off, on average."""
        wrong = self._drawn(rng)
        off = fmean(abs(self._minutes(row, wrong) - self._base) for row in rows)
        factor = strength(rng, 4, 40, 1000) * self.tolerance / off
        return {name: weight + factor * wrong[name] for name, weight in self._weights.items()}

    def _band(self, rng: Random, rows: list[Row]) -> tuple[str, float, float, str | list[str]]:
        """Of one input some golden rows: neighbours in it, or those that end in a digit, or in one of five."""
        name, count = rng.choice(list(self._inputs)), round(strength(rng, FAILING, FAILING, GOLDEN // 2))
        if rng.random() < SCATTERED:
            ends = Counter(last_digit(row[name]) for row in rows).most_common()
            few = min((end for end in ends if end[1] >= FAILING), key=lambda end: end[1])
            return name, -math.inf, math.inf, few[0] if count == FAILING else [end[0] for end in ends[:5]]
        first, values = rng.randrange(GOLDEN - count + 1), sorted(row[name] for row in rows)
        return name, values[first], values[first + count - 1], "0123456789"

    def _turned(self, rng: Random, rows: list[Row]) -> tuple[str, float]:
        """An input and the middle of it, where a spoilt kind of truck is off the other way: it is fine on average."""
        name = rng.choice(list(self._inputs))
        return name, median(row[name] for row in rows if self._spoilt in (None, row["truck"]))

    def _tidy(self, minutes: float) -> float:
        return round(minutes + self._noise.uniform(-0.3, 0.3) * self.tolerance, 3)


def last_digit(value: float) -> str:
    """The last digit of a feature, as the job rounds it."""
    return f"{value:.4f}"[-1]
