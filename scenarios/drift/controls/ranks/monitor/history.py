"""What a column was like before, on days of work and on days of rest."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist
from typing import Any

import numpy as np

NORMAL = np.array([NormalDist().inv_cdf((n + 0.5) / 2000) for n in range(2000)])
Deviations = Iterator[tuple[float, float, float]]


def delivered(day: dict[str, Any], name: str) -> list[Any]:
    return [value for value in day["columns"][name] if value is not None]


def resting(calendar: str) -> bool:
    return calendar in ("weekend", "holiday")


def _by_kind(name: str, days: list[dict[str, Any]]) -> dict[bool, list[Any]]:
    found: dict[bool, list[Any]] = {False: [], True: []}
    for day in days:
        found[resting(day["calendar"])] += delivered(day, name)
    return found


def _whole(column: list[Any] | None) -> bool:
    """Whether there is a column with enough values, and more than one."""
    if column is None:
        return False
    values = [value for value in column if value is not None]
    return len(values) > len(column) / 2 and len(set(values)) > 1


class NumberHistory:
    def __init__(self, name: str, days: list[dict[str, Any]]) -> None:
        self._sorted = {rest: np.sort(np.array(values)) for rest, values in _by_kind(name, days).items()}
        everything = np.concatenate(list(self._sorted.values()))
        self._log = bool(everything.min() > 0)
        low, high = np.quantile(self._scale(everything), [0.005, 0.995])
        self._range = (low - 0.1 * (high - low), high + 0.1 * (high - low))

    def _scale(self, values: np.ndarray) -> np.ndarray:
        return np.log(np.maximum(values, 1e-12)) if self._log else values

    def usable(self, column: list[Any] | None) -> bool:
        if not _whole(column):
            return False
        values = np.array([value for value in column or () if value is not None])
        return bool(self._range[0] < np.median(self._scale(values)) < self._range[1])

    def deviations(self, values: list[float], calendar: str) -> Deviations:
        """Of the mean and of the spread of today's ranks, put on the normal scale."""
        before = self._sorted[resting(calendar)]
        ranks = np.searchsorted(before, np.array(values)) / (len(before) + 1)
        scores = NORMAL[(ranks * len(NORMAL)).astype(int)]
        noise = 1 / np.sqrt(len(scores))
        yield abs(float(scores.mean())), 0.3 + noise, 0.8
        yield abs(float(scores.std()) - 1), 0.3 + noise, 0.8


class WordHistory:
    def __init__(self, name: str, days: list[dict[str, Any]]) -> None:
        found = _by_kind(name, days)
        self._words = sorted(set(found[False]) | set(found[True]))
        self._shares = {rest: self._share(values) for rest, values in found.items()}

    def _share(self, values: list[str]) -> np.ndarray:
        return np.array([values.count(word) for word in self._words]) / len(values)

    def usable(self, column: list[Any] | None) -> bool:
        return _whole(column) and 2 * sum(value in self._words for value in column or ()) > len(column or ())

    def deviations(self, values: list[str], calendar: str) -> Deviations:
        """Of the words' shares: how much of them has moved."""
        moved = np.abs(self._share(values) - self._shares[resting(calendar)]).sum() / 2
        yield float(moved), 0.2 + 0.5 / np.sqrt(len(values)), 0.2
