"""Whether outcomes still follow from the model's scores as they did in history.

A logistic curve from score to chance is fitted to history. Of each day of outcomes eight sums are kept, and sums of days
add up. They tell two things: how far the log-odds have moved (one Newton step), and what part of the chances' say in the
outcomes is lost (0: they mean what they meant, 1: nothing).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

WINDOWS = (3, 4)  # usable days of outcomes
SURE_LEVEL, SURE_LOSS = 5.0, 3.4  # standard errors
LEVEL, LOSS = 0.7, 0.55  # least change that counts: of the log-odds, and what part of the chances' say is lost


class Quality:
    def __init__(self, days: list[dict[str, Any]]) -> None:
        pairs = [_pairs(day) for day in days]
        self.usable = bool(pairs) and sum(len(label) for _, label in pairs) >= 200
        if not self.usable:
            return
        x = np.concatenate([x for x, _ in pairs])
        y = np.concatenate([y for _, y in pairs])
        self.centre = float(x.mean())
        self.level, self.slope = _fit(x - self.centre, y)
        daily = [day for day in map(self.sums, days) if day and day[2] > 1]
        moved = np.array([day[0] / day[2] for day in daily])
        luck = np.array([1 / day[2] for day in daily])
        self.wander = min(0.25, max(0.1**2, float((moved**2).mean() - luck.mean()))) if len(daily) else 0.1**2

    def sums(self, outcomes: dict[str, Any] | None) -> list[float] | None:
        if not self.usable or not outcomes:
            return None
        x, y = _pairs(outcomes)
        if not len(y):
            return None
        x = x - self.centre
        p = 1 / (1 + np.exp(-(self.level + self.slope * x)))
        weight, miss, row = p * (1 - p), y - p, np.ones_like(p)
        parts = (miss, miss * p, weight, weight * p, weight * p * p, row, p, p * p)
        return [round(float(part.sum()), 4) for part in parts]

    def changed(self, days: list[list[float]]) -> bool:
        """`days`: the sums of the days whose outcomes can be relied on, in order."""
        return self.usable and any(self._changed(days[-n:]) for n in WINDOWS if len(days) >= n)

    def _changed(self, days: list[list[float]]) -> bool:
        miss, told, weight, *_ = total = np.sum(days, axis=0)
        if weight < 1.0:
            return False
        surely = miss / math.sqrt(weight + self.wander * weight**2)
        agree = sum(day[0] * miss > 0 for day in days)
        if abs(surely) >= SURE_LEVEL and abs(miss / weight) >= LEVEL and agree >= 3:
            return True
        lost, error = _lost(total)
        agree = sum(_lost(day)[0] > 0 for day in days)
        return self.slope > 0 and error > 0 and lost >= max(LOSS, SURE_LOSS * error) and agree >= 3


def _lost(sums: Any) -> tuple[float, float]:
    """What part of the chances' say is lost, whatever the level has done, and the standard error of that."""
    miss, told, weight, weight_p, weight_pp, rows, p, pp = sums
    say, spread = pp - p * p / rows, weight_pp - weight_p**2 / max(weight, 1e-9)
    if say <= 1e-6 or spread <= 0:
        return 0.0, 0.0
    return (weight_p / max(weight, 1e-9) * miss - told) / say, math.sqrt(spread) / say


def _pairs(day: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds of the scores, and the labels."""
    both = [(s, y) for s, y in zip(day.get("score") or [], day.get("label") or [], strict=False) if None not in (s, y)]
    score = np.clip(np.array([s for s, _ in both], float), 0.002, 0.998)
    return np.log(score / (1 - score)), np.array([y for _, y in both], float)


def _fit(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Level and slope of a logistic curve, drawn a little towards 'scores mean what they say'."""
    wish = np.array([float(x.mean()), 1.0])
    at, pull = wish.copy(), np.diag([0.5, 5.0])
    design = np.stack([np.ones_like(x), x], axis=1)
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(design @ at, -30, 30)))
        slope = design.T @ (y - p) - pull @ (at - wish)
        step = np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design + pull, slope)
        at = at + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-6:
            break
    return float(at[0]), float(at[1])
