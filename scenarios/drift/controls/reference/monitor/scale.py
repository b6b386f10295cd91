"""A column's own scale: logarithmic if it is never negative, and in its own standard deviations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Scale:
    log: bool
    least: float
    centre: float
    spread: float

    @classmethod
    def of(cls, values: np.ndarray) -> Scale:
        log, least = bool(values.min() > 0), float(values.min())
        scaled = np.log(values) if log else values
        return cls(log, least, float(scaled.mean()), float(scaled.std()) or 1.0)

    def apply(self, values: np.ndarray) -> np.ndarray:
        scaled = np.log(np.maximum(values, self.least / 1e4)) if self.log else values
        return (scaled - self.centre) / self.spread
