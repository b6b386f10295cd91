"""The demand model of a market, and whether it may go live."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error

INPUTS = ("price", "discount", "temperature", "footfall")
MARGIN = 1.05


def train(rows: dict[str, np.ndarray]) -> dict[str, Any]:
    inputs = _inputs(rows)
    spread = inputs.std(axis=0)
    spread[spread == 0] = 1.0
    fitted = Ridge(alpha=0.1).fit(inputs / spread, rows["sold"])
    coef = fitted.coef_ / spread
    return {"intercept": float(fitted.intercept_), "coef": dict(zip(INPUTS, map(float, coef), strict=True))}


def error(model: dict[str, Any], rows: dict[str, Any]) -> float:
    weights = np.array([model["coef"][name] for name in INPUTS])
    return float(mean_absolute_error(rows["sold"], _inputs(rows) @ weights + model["intercept"]))


def better(model: dict[str, Any], live: dict[str, Any], audit: dict[str, Any]) -> bool:
    """Whether it does as well as the live one on rows that were counted by hand."""
    return error(model, audit) <= MARGIN * error(live, audit)


def _inputs(rows: dict[str, Any]) -> np.ndarray:
    return np.column_stack([rows[name] for name in INPUTS])
