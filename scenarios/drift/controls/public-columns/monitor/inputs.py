"""The last days' inputs against the stream's history, by Evidently's distances.

A day is compared with days of its own kind: rest (weekends, holidays) or work. Numbers are put on the scale of that
kind, so that days of both can be pooled; words are compared with a reference mixed from the same kinds of day.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pandas as pd
from evidently.legacy.calculations.stattests import jensenshannon_stat_test, wasserstein_stat_test
from evidently.legacy.core import ColumnType
from scale import Scale

WATCHED = {"weight_kg", "distance_km", "declared_eur", "service", "route", "basket_eur", "device"}
POOLED, SAMPLE = 3, 400
FAR, OTHER_MIX, SMALL = 0.45, 0.22, 1.6


def at_rest(day: dict[str, Any]) -> bool:
    return day["calendar"] in ("weekend", "holiday")


class Inputs:
    def __init__(self, reference: dict[str, Any]) -> None:
        rng = np.random.default_rng(0)
        self._kinds = reference["kinds"]
        self._recent: deque[tuple[bool, dict[str, np.ndarray]]] = deque(maxlen=POOLED)
        self._scales: dict[tuple[str, bool], Scale] = {}
        self._usual: dict[str, np.ndarray] = {}
        self._words: dict[tuple[str, bool], np.ndarray] = {}
        for name, kind in self._kinds.items():
            by_kind = {rest: _history(reference, name, rest) for rest in (False, True)}
            if kind == "number":
                self._learn_numbers(name, by_kind, rng)
            else:
                for rest, values in by_kind.items():
                    self._words[name, rest] = rng.choice(values, SAMPLE)

    def _learn_numbers(self, name: str, by_kind: dict[bool, np.ndarray], rng: np.random.Generator) -> None:
        scaled = []
        for rest, values in by_kind.items():
            scale = self._scales[name, rest] = Scale.of(values.astype(float))
            scaled.append(scale.apply(values.astype(float)))
        self._usual[name] = rng.choice(np.concatenate(scaled), 3 * SAMPLE)

    def add(self, batch: dict[str, Any]) -> None:
        rest = at_rest(batch)
        day = {}
        for name, kind in self._kinds.items():
            values = np.array([value for value in batch["columns"][name] if value is not None])
            day[name] = self._scales[name, rest].apply(values.astype(float)) if kind == "number" else values
        self._recent.append((rest, day))

    def changed(self) -> str | None:
        """The first column whose last days are far from its history, or None."""
        return next((name for name in WATCHED & self._kinds.keys() if self._far(name)), None)

    def _far(self, name: str) -> bool:
        now = np.concatenate([day[name] for _, day in self._recent])
        noise = SMALL / np.sqrt(len(now))
        if self._kinds[name] == "number":
            return _distance(wasserstein_stat_test, self._usual[name], now, ColumnType.Numerical) > FAR + noise
        usual = np.concatenate([self._words[name, rest] for rest, _ in self._recent])
        return _distance(jensenshannon_stat_test, usual, now, ColumnType.Categorical) > OTHER_MIX + noise / 3


def _history(reference: dict[str, Any], name: str, rest: bool) -> np.ndarray:
    days = [day for day in reference["days"] if at_rest(day) == rest]
    return np.array([value for day in days for value in day["columns"][name] if value is not None])


def _distance(test: Any, usual: np.ndarray, now: np.ndarray, kind: ColumnType) -> float:
    dtype = float if kind == ColumnType.Numerical else object
    return float(test.func(pd.Series(usual, dtype=dtype), pd.Series(now, dtype=dtype), kind, 0.1)[0])
