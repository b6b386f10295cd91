"""One column against its own history.

Every question is put in the same way. Each row gets a few bounded scores (how high, how far out, is it this word, is it
filled), a day is the means of its rows' scores, and what a day's means ought to be comes from the days of history:
level, what rest days add, how far rows differ within a day, how far days wander. Bounded scores make one rule do for
normal, heavy and skewed columns, and for a value that is a thousand times too large.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

Day = dict[str, Any]  # what is kept of a column's day: {"n": filled rows, "rows": rows, "flaw": str | None, "means": [...]}

FEWEST = 3  # filled rows without which a day says nothing
WINDOW = 4  # usable days that are asked whether a change stays
SURE_DAY, SURE_CHANGE = 5.0, 4.0  # standard errors
MIN_WANDER = 0.08
LAG = 7  # days before today that say what is usual: they are older than a change that is judged today
FADE = 0.5 ** (1 / 10)  # of what a day counts, each day
HIGHEST, FARTHEST = 3.0, 8.0  # deviations and mean distances from the middle; what is farther out counts no more
KEPT_WORDS = 40
OFTEN_ENOUGH = 2e-3  # a chance below this is none


class Column:
    def __init__(self, kind: str, history: list[tuple[bool, list[Any]]]) -> None:
        """`history` has of each day whether it was one of rest, and the column's values."""
        self.kind = kind
        days = [(rest, self._usable(values), len(values)) for rest, values in history]
        everything = [value for _, values, _ in days for value in values]
        rows = sum(n for _, _, n in days)
        self.filled = len(everything) / rows if rows else 0.0
        often = [value for value, _ in Counter(everything).most_common(KEPT_WORDS)]
        # A value's share of the rows on days of work and of rest; a bit more, since everything wanders.
        self.usual: dict[bool, dict[Any, float]] = {}
        for of in (False, True):
            part = [value for rest, values, _ in days if rest == of for value in values] or everything
            counts = Counter(part)
            self.usual[of] = {value: counts[value] / len(part) + 0.03 for value in often} if part else {}
        if kind == "number":
            numbers = np.array(everything or [0.0], float)
            low, self.middle, high = (float(at) for at in np.quantile(numbers, (0.16, 0.5, 0.84)))
            self.reach = float(np.abs(numbers - self.middle).mean()) or 1.0
            self.unit = (high - low) / 2 or self.reach
            nonzero = np.abs(numbers[numbers != 0])
            self.size = float(np.median(nonzero)) if len(nonzero) else 1.0
        else:
            self.words = {word: i for i, word in enumerate(often)}
            self.known = frozenset(everything)
        self._learn([(rest, values) for rest, values, _ in days if len(values) >= FEWEST])

    # What a day is boiled down to

    def day(self, values: list[Any] | None, rests: tuple[bool, ...]) -> Day:
        """`rests`: what sort of day it may have been."""
        if values is None:
            return {"n": 0, "rows": 0, "flaw": "gone", "means": None}
        usable = self._usable(values)
        day: Day = {"n": len(usable), "rows": len(values), "flaw": self._flaw(usable, len(values), rests), "means": None}
        if len(usable) >= FEWEST:
            day["means"] = [round(float(mean), 5) for mean in self._scores(usable).mean(axis=0)]
        return day

    def _flaw(self, usable: list[Any], rows: int, rests: tuple[bool, ...]) -> str | None:
        """What makes a day's column unusable whatever its values are."""
        if not rows or not self.filled:
            return None
        missing = 1 - len(usable) / rows
        if not usable and (1 - self.filled) ** rows < OFTEN_ENOUGH:
            return "empty"
        if rows >= 5 and missing - (1 - self.filled) >= 0.5:
            return "half empty"
        if len(usable) >= FEWEST and len(set(usable)) == 1:
            share = max(self.usual[rest].get(usable[0], 0.0) for rest in rests)
            if min(1.0, share) ** len(usable) < OFTEN_ENOUGH:
                return "constant"
        return None

    def _usable(self, values: list[Any]) -> list[Any]:
        if self.kind != "number":
            return [str(value) for value in values if value is not None]
        numbers = (v for v in values if isinstance(v, int | float))
        return [float(v) for v in numbers if math.isfinite(v)]

    def _scores(self, values: list[Any]) -> np.ndarray:
        """A row of scores for each value."""
        if self.kind == "number":
            at = np.array(values, float)
            height = np.clip((at - self.middle) / self.unit, -HIGHEST, HIGHEST)
            away = np.minimum(np.abs(at - self.middle) / self.reach, FARTHEST)
            size = np.log10(np.where(at == 0, self.size, np.abs(at)) / self.size)
            return np.stack([height, away, np.clip(size, -FARTHEST, FARTHEST)], axis=1)
        scores = np.zeros((len(values), len(self.words) + 1))
        for row, word in enumerate(values):
            if word in self.words:
                scores[row, self.words[word]] = 1.0
            elif word not in self.known:
                scores[row, -1] = 1.0
        return scores

    # What history says of it

    def _learn(self, days: list[tuple[bool, list[Any]]]) -> None:
        self.learnt = len(days) >= 2 * LAG
        if not self.learnt:
            return
        scores = [self._scores(values) for _, values in days]
        n = np.array([len(each) for each in scores], float)[:, None]
        means = np.stack([each.mean(axis=0) for each in scores])
        within = np.stack([each.var(axis=0) for each in scores])
        rest = np.array([rest for rest, _ in days])
        self.variance = np.maximum((within * n).sum(axis=0) / n.sum(), 1e-4)
        self.rest = np.zeros(means.shape[1])
        if rest.sum() >= 3 and (~rest).sum() >= 3:
            self.rest = np.average(means[rest], axis=0, weights=n[rest, 0])
            self.rest = self.rest - np.average(means[~rest], axis=0, weights=n[~rest, 0])
        # History is replayed, to learn how far days and windows stray from the level of the days before when all is well.
        plain = means - rest[:, None] * self.rest
        sums, weights = plain[0] * n[0], n[0]
        levels = [(sums, weights)]
        for day, rows in zip(plain[1:], n[1:], strict=True):
            sums, weights = FADE * sums + rows * day, FADE * weights + rows
            levels.append((sums, weights))
        self.sums, self.weight = sums, float(weights[0])
        single, several = [], []
        for at in range(2 * LAG - 1, len(days)):
            sums, weights = levels[at - LAG]
            window = slice(at - WINDOW + 1, at + 1)
            middle = (plain[window] * n[window]).sum(axis=0) / n[window].sum()
            single.append((plain[at] - sums / weights) ** 2 - self.variance * (1 / n[at] + 1 / weights))
            several.append((middle - sums / weights) ** 2 - self.variance * (1 / n[window].sum() + 1 / weights))
        least = MIN_WANDER**2 * self.variance
        self.day_wander = np.maximum(np.mean(single, axis=0), least)
        self.wander = np.maximum(np.mean(several, axis=0), least)
        deviation = np.sqrt(self.variance)
        if self.kind == "number":  # in deviations of a row, what is worth a page for a day, and if it stays
            self.day_floor, self.floor = 1.0 * deviation, 0.65 * deviation
        else:  # in shares of all rows
            self.day_floor, self.floor = np.full(len(deviation), 0.35), np.full(len(deviation), 0.2)
            self.day_floor[-1] = 0.2

    def level(self, good: list[tuple[Day, bool]]) -> np.ndarray | None:
        """Where a day of work should be, by history and the good days since, each with whether it was one of rest."""
        if not self.learnt:
            return None
        sums, weight = self.sums, self.weight
        for day, rest in good:
            if day["means"] is not None and len(day["means"]) == len(sums):
                plain = np.array(day["means"]) - (self.rest if rest else 0.0)
                sums, weight = FADE * sums + day["n"] * plain, FADE * weight + day["n"]
        return sums / weight

    def off(self, level: np.ndarray | None, day: Day, rest: bool, either: bool = False) -> np.ndarray | None:
        """How far a day's means are from what they should be. `either`: it may have been a day of rest or not."""
        if level is None or day["means"] is None or len(day["means"]) != len(level):
            return None
        plain = np.array(day["means"]) - level
        off = plain - (self.rest if rest else 0.0)
        if either:
            off = np.where(np.abs(plain) < np.abs(off), plain, off)
        return off

    def jumped(self, off: np.ndarray, n: int, before: list[np.ndarray], far: float = 1.0) -> float:
        """How surely a day stands out, from history and (`far` as much) from the days before; 0.0 if not."""
        error = np.sqrt(self.day_wander + self.variance / n)
        surely = np.abs(off) / error
        out = (np.abs(off) >= self.day_floor) & (surely >= SURE_DAY)
        if before:
            step = off - np.median(before, axis=0)
            out &= np.abs(step) >= far * np.maximum(self.day_floor, SURE_DAY * error)
        return float(surely[out].max()) if n >= 5 and out.any() else 0.0

    def stays(self, offs: list[np.ndarray], counts: list[int], held: bool) -> float:
        """How surely the last usable days, today's last of all, are together another level, spread or mix.

        `held`: this column was called changed the day before. It then takes less to stay so, and today need not agree.
        """
        offs, counts = offs[-WINDOW:], counts[-WINDOW:]
        if len(offs) < 3:
            return 0.0
        table = np.stack(offs)
        middle = np.median(table, axis=0)
        side = np.sign(middle) * table >= self.floor / 2
        error = np.sqrt(self.wander + 1.57 * self.variance / sum(counts))
        surely = np.abs(middle) / error
        enough, sure = (0.6 * self.floor, 0.6 * SURE_CHANGE) if held else (self.floor, SURE_CHANGE)
        new = (side[-1] | held) & (side.sum(axis=0) >= (2 if held else 3)) & (np.abs(middle) >= enough) & (surely >= sure)
        return float(surely[new].max()) if new.any() else 0.0
