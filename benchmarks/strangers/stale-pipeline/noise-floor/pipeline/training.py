"""The demand model of a market, and which one is to be live."""

from __future__ import annotations

from typing import Any

import numpy as np

INPUTS = ("price", "discount", "temperature", "footfall")
RIDGE = 0.1
FIT = 1.5
"""A new model may have so many times the error that tonight's audits leave to any linear model."""
STILL_FIT = 1.25
"""And a live one, before it is replaced by one that only learnt from audits."""
MIN_AUDITS = 20


def train(rows: dict[str, np.ndarray]) -> dict[str, Any]:
    inputs = np.column_stack([rows[name] for name in INPUTS])
    centre, spread = inputs.mean(axis=0), inputs.std(axis=0)
    spread[spread == 0] = 1.0
    scaled, sold = (inputs - centre) / spread, rows["sold"]
    coef = np.linalg.solve(scaled.T @ scaled + RIDGE * np.eye(len(INPUTS)), scaled.T @ (sold - sold.mean())) / spread
    return {"intercept": float(sold.mean() - centre @ coef), "coef": dict(zip(INPUTS, map(float, coef), strict=True))}


def error(model: dict[str, Any] | None, rows: dict[str, np.ndarray]) -> float:
    """Root of the mean squared error; that of no model is infinite."""
    if not model:
        return float("inf")
    guess = model["intercept"] + sum(model["coef"][name] * rows[name] for name in INPUTS)
    return float(np.sqrt(np.mean((rows["sold"] - guess) ** 2)))


def choose(
    batch: dict[str, np.ndarray] | None, audits: list[dict[str, np.ndarray]], live: dict[str, Any] | None
) -> dict[str, Any] | None:
    """The model that goes live tonight, None for the one that is. `audits`: tonight's, then those of nights before.

    The measure is what people counted tonight. Without enough of that nothing goes live.
    """
    tonight = audits[0]
    count = len(tonight["sold"])
    if count < MIN_AUDITS:
        return None
    best = error(train(tonight), tonight) * (count / (count - len(INPUTS) - 1)) ** 0.5
    if batch is not None and error(fresh := train(batch), tonight) <= FIT * best:
        return fresh
    if error(live, tonight) <= STILL_FIT * best:
        return None
    return train({name: np.concatenate([each[name] for each in audits]) for name in (*INPUTS, "sold")})


def table(raw: Any) -> dict[str, np.ndarray]:
    """Audited rows as columns, whether they come as columns or as rows."""
    if isinstance(raw, dict):
        raw = raw.get("rows", raw.get("columns", raw))
    names = (*INPUTS, "sold")
    lists = [raw[name] if isinstance(raw, dict) else [row[name] for row in raw] for name in names]
    rows = np.array(lists, dtype=float)
    rows = rows[:, np.isfinite(rows).all(axis=0)]
    return dict(zip(names, rows, strict=True))
