"""Outcomes against scores, by fifths of the score (Hosmer and Lemeshow), older days counting less and less."""

from __future__ import annotations

import numpy as np

FADE, LIMIT = 0.7, 32.0


class Bins:
    def __init__(self, scores: list[float]) -> None:
        self._edges = np.quantile(scores, [0.2, 0.4, 0.6, 0.8])
        self._surplus = np.zeros(5)
        self._variance = np.zeros(5)

    def count(self, score: np.ndarray, label: np.ndarray) -> None:
        at = np.searchsorted(self._edges, score)
        self._surplus = FADE * self._surplus + np.bincount(at, label - score, 5)
        self._variance = FADE**2 * self._variance + np.bincount(at, score * (1 - score), 5)

    def off(self) -> bool:
        return float((self._surplus**2 / np.maximum(self._variance, 0.5)).sum()) > LIMIT
