"""The demand model of a market."""

from __future__ import annotations

from typing import Any

import numpy as np

INPUTS = ("price", "discount", "temperature", "footfall")
RIDGE = 0.1


def train(rows: dict[str, np.ndarray]) -> dict[str, Any]:
    inputs = np.column_stack([rows[name] for name in INPUTS])
    centre, spread = inputs.mean(axis=0), inputs.std(axis=0)
    spread[spread == 0] = 1.0
    scaled, sold = (inputs - centre) / spread, rows["sold"]
    coef = np.linalg.solve(scaled.T @ scaled + RIDGE * np.eye(len(INPUTS)), scaled.T @ (sold - sold.mean())) / spread
    return {"intercept": float(sold.mean() - centre @ coef), "coef": dict(zip(INPUTS, map(float, coef), strict=True))}
