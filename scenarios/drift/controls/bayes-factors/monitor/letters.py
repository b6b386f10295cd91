"""A column as letters: every value is put in one of a few boxes, and a day is how often each box was hit.

Boxes of a number are the deciles of history, and beside them boxes that history (nearly) never hit: far above, far below,
and much nearer to nought than any value was. Boxes of words are the words, and one for words that nobody has said before.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

MOST_WORDS = 30


def clean(kind: str, values: list) -> list:
    if kind == "number":
        return [float(v) for v in values if isinstance(v, (int, float)) and math.isfinite(v)]
    return [str(v) for v in values if v is not None]


class Numbers:
    def __init__(self, history: list[float]) -> None:
        x = np.array(history or [0.0], float)
        inner = np.quantile(x, np.arange(0.1, 0.95, 0.1))
        low, middle, high = np.quantile(x, (0.005, 0.5, 0.995))
        reach = max(high - middle, middle - low) or abs(middle) or 1.0
        edges = [*inner, high + reach, low - reach]
        away = np.abs(x[x != 0])
        if len(away):
            near = float(np.quantile(away, 0.005)) / 3  # nothing was nearer to nought, but nought itself
            edges += [near, np.nextafter(0.0, 1.0)] if (x >= 0).all() else []
            edges += [-near, 0.0] if (x <= 0).all() else []
        self.edges = np.unique(edges)  # a box is from an edge up to the next one
        self.boxes = len(self.edges) + 1

    def count(self, values: list[float]) -> list[int]:
        at = np.searchsorted(self.edges, np.array(values, float), side="right")
        return np.bincount(at, minlength=self.boxes).tolist()


class Words:
    def __init__(self, history: list[str]) -> None:
        known = [word for word, _ in Counter(history).most_common()]
        rare, new = MOST_WORDS, MOST_WORDS + 1
        if len(known) <= MOST_WORDS:
            rare = new = len(known)
        self._box = {word: min(i, rare) for i, word in enumerate(known)}
        self._new = new
        self.boxes = new + 1

    def count(self, values: list[str]) -> list[int]:
        counts = [0] * self.boxes
        for word in values:
            counts[self._box.get(word, self._new)] += 1
        return counts


class Chances:
    """Scores as letters: tenths of the scores of history; a day of outcomes is how often each tenth came out as 0 and 1."""

    def __init__(self, history: list[float]) -> None:
        self.edges = np.unique(np.quantile(np.array(history or [0.5], float), np.arange(0.1, 0.95, 0.1)))
        self.boxes = len(self.edges) + 1

    def count(self, pairs: list[tuple[float, int]]) -> list[list[int]]:
        score, label = np.array(pairs, float).reshape(-1, 2).T
        at = np.searchsorted(self.edges, score, side="right")
        return [np.bincount(at[label == of], minlength=self.boxes).tolist() for of in (0, 1)]
