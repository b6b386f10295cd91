"""What is right: the features of a day, and how good a model is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from sales import INPUTS, World, demand

TOLERANCE = 2e-3
FEATURES = ("rows", "units", "revenue", "promo_share", "mean_price", "mean_temperature", "footfall")


def features(rows: Mapping[str, Any]) -> dict[str, float]:
    """The features of a day's sound rows, in canonical units."""
    price, discount, sold = rows["price"], rows["discount"], rows["sold"]
    return {
        "rows": float(len(price)),
        "units": float(sold.sum()),
        "revenue": float((sold * price * (1 - discount)).sum()),
        "promo_share": float((discount > 0).mean()),
        "mean_price": float(price.mean()),
        "mean_temperature": float(rows["temperature"].mean()),
        "footfall": float(rows["footfall"].mean()),
    }


def same(said: Any, true: Mapping[str, float]) -> bool:
    """Whether features are the true ones, up to rounding. Anything that is no mapping of numbers is not."""
    if not isinstance(said, Mapping):
        return False
    return all(_near(said.get(name), true[name]) for name in FEATURES)


def _near(said: Any, true: float) -> bool:
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said):
        return False
    return abs(said - true) <= TOLERANCE * max(1.0, abs(true))


def ratio(model: Mapping[str, Any], rows: Mapping[str, Any], place: World, day: int) -> float:
    """A linear model's mean absolute error on rows, as a multiple of the true demand's; infinity if it is none."""
    try:
        weights = np.array([float(model["coef"][name]) for name in INPUTS])
        intercept = float(model["intercept"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return math.inf
    inputs = np.column_stack([rows[name] for name in INPUTS])
    with np.errstate(all="ignore"):
        error = np.abs(inputs @ weights + intercept - rows["sold"]).mean()
    best = np.abs(demand(place, inputs, day) - rows["sold"]).mean()
    return float(error / best) if math.isfinite(error) else math.inf
