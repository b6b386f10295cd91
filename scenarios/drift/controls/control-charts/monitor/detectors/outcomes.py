"""Whether outcomes still follow from the scores: in level (are there as many as promised) and in rank (do they come where
they were promised). Both are sums over rows with a variance that is known exactly, so days add up.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from settings import Outcomes


class OutcomeMonitor:
    def __init__(self, days: list[dict[str, Any]], bounds: Outcomes) -> None:
        self._bounds = bounds
        pairs = [_pairs(day) for day in days]
        odds = np.concatenate([odds for odds, _ in pairs]) if pairs else np.zeros(0)
        labels = np.concatenate([labels for _, labels in pairs]) if pairs else np.zeros(0)
        self.ready = len(labels) >= bounds.min_history and 0 < labels.sum() < len(labels)
        if not self.ready:
            return
        fitted = LogisticRegression(C=100.0, solver="newton-cholesky", max_iter=25).fit(odds[:, None], labels)
        self._slope, self._level = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
        self.ranks = self._slope > 0.1
        self._sorted = np.sort(odds)
        daily = [facts for day in days if (facts := self.facts(day)) and facts[1] > 1]
        stray = [(gap / weight) ** 2 - 1 / weight for gap, weight, *_ in daily]
        self._wander = float(np.clip(np.mean(stray), bounds.wander**2, 0.25))

    def facts(self, outcomes: dict[str, Any] | None) -> list[float] | None:
        """Of a day: gap, its variance; rank sum, what it should be, its variance, covariance with the gap."""
        if not self.ready or not outcomes:
            return None
        odds, labels = _pairs(outcomes)
        if not len(labels):
            return None
        p = 1 / (1 + np.exp(-(self._level + self._slope * odds)))
        variance = p * (1 - p)
        # A row's rank among history's scores, from -1/2 to 1/2, whatever else came on that day.
        rank = np.searchsorted(self._sorted, odds) / len(self._sorted) - 0.5
        centred = rank - rank.mean()
        facts = ((labels - p).sum(), variance.sum(), (labels * centred).sum(), (p * centred).sum(),
                 (variance * centred**2).sum(), (variance * centred).sum())  # fmt: skip
        return [round(float(each), 4) for each in facts]

    def changed(self, days: list[list[float]], on: bool) -> str | None:
        """`days`: facts of the days that can be relied on, in order. `on`: it was called concept drift the day before."""
        if not self.ready:
            return None
        hold = self._bounds.hold if on else 1.0
        for window in self._bounds.windows:
            if len(days) >= window and (reason := self._changed(np.array(days[-window:]), hold)):
                return reason
        return None

    def _changed(self, days: np.ndarray, hold: float) -> str | None:
        gap, weight, found, promised, variance, covariance = days.sum(axis=0)
        if weight < 1:
            return None
        need = max(2, len(days) - 1) if hold < 1 else 3
        sigmas, level = gap / math.sqrt(weight + self._wander * weight**2), gap / weight
        if (
            abs(sigmas) >= hold * self._bounds.level_sigmas
            and abs(level) >= hold * self._bounds.level
            and (days[:, 0] * gap > 0).sum() >= need
        ):
            return f"log-odds off by {level:+.1f} ({sigmas:+.1f} sigmas)"
        own = variance - covariance**2 / weight
        if not self.ranks or promised <= 0 or own <= 0:
            return None
        lost = promised + covariance / weight * gap - found  # what another level explains is not held against the ranks
        left, sigmas = 1 - lost / promised, lost / math.sqrt(own)
        if (
            left <= 1 - hold * (1 - self._bounds.ranking)
            and sigmas >= hold * self._bounds.ranking_sigmas
            and (days[:, 2] < days[:, 3]).sum() >= need
        ):
            return f"{left:.0%} left of the ranking ({sigmas:.1f} sigmas)"
        return None


def _pairs(day: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds of the scores, and the labels, of rows that have both."""
    size = min(len(day.get("score") or []), len(day.get("label") or []))
    score = np.array((day.get("score") or [])[:size], float)  # None becomes NaN
    label = np.array((day.get("label") or [])[:size], float)
    both = ~(np.isnan(score) | np.isnan(label))
    score = np.clip(score[both], 0.002, 0.998)
    return np.log(score / (1 - score)), label[both]
