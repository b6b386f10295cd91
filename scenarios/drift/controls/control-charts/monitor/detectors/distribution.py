"""Control charts of a column: how each day compares with history's days of the same season.

A number is charted by three measures: Cliff's delta (does it lie higher or lower), the log of its spread, and the decades
by which its magnitude is off. A word column is charted by the share of every word. Measures of good days centre on nought
within each season; a slow centre line follows what wanders. Limits come from history, replayed day by day.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from settings import Charts


class ColumnCharts:
    def __init__(self, kind: str, history: list[tuple[str, list[Any]]], bounds: Charts) -> None:
        """`history` has season and usable values of each day."""
        self._kind, self._bounds = kind, bounds
        days = [(season, values) for season, values in history if len(values) >= 3]
        self.ready = len(days) >= bounds.min_history
        if not self.ready:
            return
        everything = [value for _, values in days for value in values]
        by_season = {of: [v for season, values in days if season == of for v in values] for of in ("work", "rest")}
        if kind == "number":
            self._learn_numbers(by_season, np.array(everything, float))
            names = ["delta", "spread", "scale"]
        else:
            self._words = {word: i for i, (word, _) in enumerate(Counter(everything).most_common(bounds.most_words))}
            self._shares = {season: self._share(values or everything) for season, values in by_season.items()}
            overall = self._share(everything)
            names = ["share"] * len(self._words)
            self._luck = np.maximum(overall * (1 - overall), 0.005)
        self.change = np.array([bounds.change[name] for name in names])
        self.action = np.array([bounds.action[name] for name in names])
        self.ceiling = np.array([bounds.ceiling[name] for name in names])
        floor = np.array([bounds.wander[name] for name in names]) ** 2
        self._replay(days, floor)

    # Measures

    def _learn_numbers(self, by_season: dict[str, list[float]], values: np.ndarray) -> None:
        middle = float(np.median(values))
        reach = float(np.abs(values - middle).mean()) or abs(middle) or 1.0
        self._low, self._high = middle - 10 * reach, middle + 10 * reach
        self._sorted, self._spread = {}, {}
        for season in ("work", "rest"):
            own = np.array(by_season[season], float)
            own = np.sort(own if len(own) >= 50 else values)
            step = max(1, len(own) // self._bounds.reference_size)
            self._sorted[season] = own[step // 2 :: step]
            self._spread[season] = self._spread_of(own) or reach
        nonzero = np.abs(values[values != 0])
        self._size = float(np.median(nonzero)) if len(nonzero) else 1.0
        away = np.abs(np.clip(values, self._low, self._high) - middle)
        decades = np.log10(nonzero / self._size) if len(nonzero) else np.zeros(1)
        core = np.clip(decades, *np.quantile(decades, (0.05, 0.95)))
        part = max(len(nonzero) / len(values), 0.02)
        self._luck = np.array([0.34, float(away.var() / max(away.mean(), 1e-12) ** 2), 1.57 * float(core.var()) / part + 1e-4])

    def _spread_of(self, values: np.ndarray) -> float:
        near = np.clip(values, self._low, self._high)
        return float(np.abs(near - np.median(near)).mean())

    def _share(self, values: list[str]) -> np.ndarray:
        at = [self._words[value] for value in values if value in self._words]
        return np.bincount(at, minlength=len(self._words)) / max(1, len(values))

    def measure(self, values: list[Any], seasons: tuple[str, ...]) -> np.ndarray:
        """A day's measures; where the season is in doubt, each measure as the kinder one has it."""
        found = [self._measure(values, season) for season in seasons]
        best = found[0]
        for other in found[1:]:
            best = np.where(np.abs(other) < np.abs(best), other, best)
        return best

    def _measure(self, values: list[Any], season: str) -> np.ndarray:
        if self._kind != "number":
            return self._share(values) - self._shares[season]
        x, reference = np.array(values, float), self._sorted[season]
        below = np.searchsorted(reference, x, "left") + np.searchsorted(reference, x, "right")
        delta = float(below.mean()) / len(reference) - 1
        usual = self._spread[season]
        spread = float(np.log((self._spread_of(x) + 0.05 * usual) / (1.05 * usual)))
        nonzero = np.abs(x[x != 0])
        scale = float(np.log10(np.median(nonzero) / self._size)) if len(nonzero) else 0.0
        return np.array([delta, spread, float(np.clip(scale, -6, 6))])

    # Limits

    def _replay(self, days: list[tuple[str, list[Any]]], floor: np.ndarray) -> None:
        fade = 0.5 ** (1 / self._bounds.half_life)
        table = np.stack([self.measure(values, (season,)) for season, values in days])
        rows = np.array([len(values) for _, values in days], float)
        sums, weights, centres = np.zeros(table.shape[1]), 0.0, []
        for measures, n in zip(table, rows, strict=True):
            sums, weights = fade * sums + n * measures, fade * weights + n
            centres.append((sums, weights))
        self._sums, self._weights, self._fade = sums, weights, fade
        lag, strays = self._bounds.lag, []
        for at in range(lag + 3, len(days)):
            sums, weights = centres[at - lag]
            strays.append((table[at] - sums / weights) ** 2 - self._luck * (1 / rows[at] + 1 / weights))
        self._wander = np.maximum(np.mean(strays, axis=0), floor)

    def centre(self, older: list[tuple[list[float], int]]) -> np.ndarray:
        """The centre line after history and the older good days since (measures, rows)."""
        sums, weights = self._sums, self._weights
        for measures, n in older:
            if len(measures) == len(sums):
                sums, weights = self._fade * sums + n * np.array(measures), self._fade * weights + n
        return sums / weights

    def points(self, measures: list[list[float]], rows: list[int], centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Days on the charts, a row each: how far they are off the centre line, and sigma."""
        off = np.array(measures, float) - centre
        return off, np.sqrt(self._wander + self._luck / np.maximum(rows, 1)[:, None])


@dataclass(frozen=True)
class Reading:
    jumped: float = 0.0  # sigmas by which today alone is off
    changed: float = 0.0  # least effects by which the column has changed, and stays


def read(charts: ColumnCharts, off: np.ndarray, sigma: np.ndarray, bounds: Charts) -> Reading:
    """Run rules over the days so far, today's last."""
    beyond = np.abs(off) >= np.maximum(charts.change / 2, bounds.warn_sigmas * sigma)
    side = np.where(beyond, np.sign(off), 0.0)
    on = np.zeros(off.shape[1])  # the side on which a change is on, by measure
    if side[-bounds.of - bounds.release :].any():
        on = _changes(charts, off, side, bounds)
    today, spread = off[-1], sigma[-1]
    changed = float(np.where(on != 0, np.maximum(np.abs(today) / charts.change, 0.01), 0.0).max(initial=0.0))
    # Today alone: off from the centre line, and from the days before it too.
    least = np.minimum(np.maximum(charts.action, bounds.action_sigmas * spread), charts.ceiling)
    out = np.abs(today) >= least
    if out.any() and len(off) > 1:
        before = np.median(off[-4:-1], axis=0)
        out &= np.abs(today - before) >= np.where(changed > 0, 1.6, 0.9) * least
    jumped = float(np.where(out, np.abs(today) / spread, 0.0).max(initial=0.0))
    return Reading(jumped, changed)


def _changes(charts: ColumnCharts, off: np.ndarray, side: np.ndarray, bounds: Charts) -> np.ndarray:
    """A change comes on with `run` of `of` days beyond the same limit, and goes off with `release` days within it."""
    on, calm = np.zeros(off.shape[1]), np.zeros(off.shape[1])
    for at in range(len(off)):
        calm = np.where(side[at] == on, 0, calm + 1)
        on = np.where(calm >= bounds.release, 0.0, on)
        recent = side[max(0, at - bounds.of + 1) : at + 1]
        total = recent.sum(axis=0)  # days on different sides cancel out; a change has them on one
        run = np.abs(total) >= bounds.run
        if run.any():
            middle = np.median(off[max(0, at - bounds.of + 1) : at + 1], axis=0)
            new = run & (np.sign(total) * middle >= charts.change) & (on == 0)
            on, calm = np.where(new, np.sign(total), on), np.where(new, 0, calm)
    return on
