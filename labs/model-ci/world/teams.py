"""A team of Ropeway: its lifts' columns, rows and labels, all made from the plan's seed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from common.names import generator

Array = npt.NDArray[Any]
OLD, FRESH = 300, 400
SIZES = (148, 116, 70, 54, 12)
"""Rows of `fresh` with each value of a column that makes slices; the last is too small to judge by."""
LEAST = 40
"""A slice is judged from so many rows on."""
READINGS = (
    ("motor_temp_c", 61, 9), ("gear_oil_c", 48, 7), ("current_a", 310, 45), ("vibration_mm_s", 2.8, 0.7),
    ("rope_tension_kn", 182, 14), ("wind_m_s", 7.5, 2.6), ("load_pct", 55, 18), ("starts_today", 14, 4),
    ("brake_wear_pct", 34, 11), ("voltage_v", 398, 6), ("hours_since_service", 410, 130), ("humidity_pct", 63, 12),
)  # fmt: skip
LATER = ("downtime_min", "repair_hours", "parts_eur", "crew_calls", "closed_min", "refunds_eur")
KINDS = {"drive": "DX", "sensor": "S", "gearbox": "G", "site": "T", "brake": "B"}
COLUMNS, STEEP = 6, 3.6


class Rows(NamedTuple):
    """Rows of one team: readings in units of their spread, values of slice columns by number, later columns, labels."""

    readings: Array
    values: Array
    later: Array
    labels: Array


class Team:
    """One of the plan's teams, by its number.

    Attributes:
        readings: name, mean and spread of what is measured.
        slices: values by the name of a column that makes slices; in the order of `SIZES`.
        later: names of the columns that are written after the fault.
        old, fresh: rows that the team has, and that it has not.
    """

    def __init__(self, seed: int, number: int) -> None:
        names = generator(seed, "team", number)
        self.readings = names.sample(READINGS, COLUMNS)
        self.later = names.sample(LATER, 2)
        columns = names.sample(sorted(KINDS), 2)
        self.slices = {
            column: [f"{KINDS[column]}{each}" for each in names.sample(range(100, 999), len(SIZES))]
            for column in columns
        }
        self._rng = np.random.default_rng(list(f"{seed}:{number}:rows".encode()))
        signs = self._rng.choice([-1, 1], COLUMNS)
        self._true = signs * np.array([1.15, 0.95, 0.9, 0.8, 0.8, 0.7])
        self._effects = self._rng.uniform(-0.7, 0.7, (2, len(SIZES)))
        self.old, self.fresh = self.made(OLD), self.made(FRESH)
        self.samples = json.dumps(
            {
                "schema": self._schema(),
                "old": {"rows": self.written(self.old), "labels": self.old.labels.tolist()},
                "fresh": {"rows": self.written(self.fresh), "labels": self.fresh.labels.tolist()},
            }
        ).encode()

    def made(self, count: int) -> Rows:
        """More rows of these lifts."""
        rng, shares = self._rng, np.array(SIZES) / sum(SIZES)
        readings = rng.normal(0, 1, (count, COLUMNS)).round(3)
        each = np.repeat(np.arange(len(SIZES)), (shares * count).round().astype(int))[:count]
        values = np.stack([rng.permutation(np.resize(each, count)) for _ in range(2)])
        effect = self._effects[0][values[0]] + self._effects[1][values[1]]
        logit = STEEP * (readings @ self._true + effect - 0.3)
        labels = (rng.random(count) < 1 / (1 + np.exp(-logit))).astype(int)
        told = np.where(rng.random((2, count)) < 0.02, 1 - labels, labels)
        later = np.where(told == 1, rng.uniform(20, 240, (2, count)), 0).round(1)
        return Rows(readings, values, later, labels)

    def written(self, rows: Rows) -> list[dict[str, Any]]:
        """Rows as models get them."""
        scaled = [
            np.round(mean + spread * rows.readings[:, at], 4) for at, (_, mean, spread) in enumerate(self.readings)
        ]
        columns = {name: column.tolist() for (name, _, _), column in zip(self.readings, scaled, strict=True)}
        for at, (name, values) in enumerate(self.slices.items()):
            columns[name] = [values[value] for value in rows.values[at]]
        columns |= {name: rows.later[at].tolist() for at, name in enumerate(self.later)}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def _schema(self) -> list[dict[str, Any]]:
        at_request, later = {"known": "at-request"}, {"known": "later"}
        return [
            *({"name": name, "type": "number", **at_request, "slice": False} for name, _, _ in self.readings),
            *({"name": name, "type": "text", **at_request, "slice": True} for name in self.slices),
            *({"name": name, "type": "number", **later, "slice": False} for name in self.later),
        ]


def design(rows: Rows, used: Sequence[int]) -> Array:
    """What a regression sees: a one, the readings that it uses, and which value each slice column has."""
    flags = [(rows.values[at][:, None] == np.arange(len(SIZES))).astype(float) for at in range(2)]
    return np.hstack([np.ones((len(rows.labels), 1)), rows.readings[:, list(used)], *flags])


def fitted(columns: Array, labels: Array, ridge: float = 1.0) -> Array:
    """A logistic regression's weights, by Newton's method; the first column's is not held down."""
    weights = np.zeros(columns.shape[1])
    held = np.full(columns.shape[1], ridge)
    held[0] = 1e-6
    for _ in range(7):
        share = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (labels - share) - held * weights
        bend = (columns * (share * (1 - share))[:, None]).T @ columns + np.diag(held)
        weights = weights + np.linalg.solve(bend, slope)
    return weights
