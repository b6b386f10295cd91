"""Demand models out of moments.

All that a linear model needs to know of rows is the 6 x 6 matrix of the products of (1, inputs, sold), summed. These add
up: tonight's audited rows, tonight's batch if the audits bear it out, and those of nights before, which fade. How fast
they fade is what would have guessed tonight's audits best, over all markets together: people counted enough rows for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

INPUTS = ("price", "discount", "temperature", "footfall")
SIZE = len(INPUTS) + 1
FOLDS = 8
FADING = (0.0, 0.1, 0.3)
LEAST_AUDITS = 16
BORNE_OUT = 1.5
"""A batch is believed if its model has at most so many times the error that the audits leave to a line of their own."""
AS_GOOD = 1.03
"""A live model stays if it guesses the audits better than the new one by more than this."""

Moments = np.ndarray


@dataclass(frozen=True)
class Tonight:
    """What is known of a market. `past`: moments by how many days ago they were."""

    audits: np.ndarray
    batch: np.ndarray | None
    past: Mapping[int, Moments]
    live: Mapping[str, Any] | None


@dataclass(frozen=True)
class Outcome:
    """`moments` are what tonight adds to what is known. `model`: None if the live one is to stay."""

    moments: Moments
    believed: bool
    model: dict[str, Any] | None
    error: float
    floor: float


def table(rows: Mapping[str, Any]) -> np.ndarray:
    """Rows of (1, inputs, sold); what is not finite is left out."""
    columns = [np.asarray(rows[name], dtype=float) for name in (*INPUTS, "sold")]
    whole = np.column_stack([np.ones(len(columns[0])), *columns])
    return whole[np.isfinite(whole).all(axis=1)]


def audited(raw: Any) -> np.ndarray:
    """A market's audits, by column or by row."""
    if isinstance(raw, dict):
        raw = raw.get("rows", raw.get("columns", raw))
    if isinstance(raw, list):
        raw = {name: [row[name] for row in raw] for name in (*INPUTS, "sold")}
    return table(raw)


def moments(rows: np.ndarray) -> Moments:
    return rows.T @ rows


def solve(found: Moments) -> np.ndarray:
    """Intercept and coefficients. Of equal size, and with a touch of ridge, so that a column that never moves is no trouble."""
    scale = np.sqrt(np.maximum(np.diag(found)[:SIZE], 1e-12))
    square = found[:SIZE, :SIZE] / np.outer(scale, scale) + 1e-10 * np.eye(SIZE)
    return np.linalg.solve(square, found[:SIZE, SIZE] / scale) / scale


def squares(weights: np.ndarray, rows: np.ndarray) -> float:
    return float(np.sum((rows[:, SIZE] - rows[:, :SIZE] @ weights) ** 2))


def decide(markets: Mapping[str, Tonight]) -> dict[str, Outcome]:
    """What goes live in each market. Of a market with too few audits nothing is said."""
    judged = {name: each for name, each in markets.items() if len(each.audits) >= LEAST_AUDITS}
    floors = {name: _floor(each.audits) for name, each in judged.items()}
    believed = {name: _believed(each, floors[name]) for name, each in judged.items()}
    tonight = {
        name: moments(each.audits) + (moments(each.batch) if believed[name] and each.batch is not None else 0.0)
        for name, each in judged.items()
    }
    errors = {
        fading: {name: _unseen(each, tonight[name], fading) for name, each in judged.items()} for fading in FADING
    }
    fading = min(FADING, key=lambda each: sum((errors[each][name] / floors[name]) ** 2 for name in judged))
    return {
        name: Outcome(
            moments=tonight[name],
            believed=believed[name],
            model=_model(each, tonight[name], fading, errors[fading][name]),
            error=errors[fading][name],
            floor=floors[name],
        )
        for name, each in judged.items()
    }


def _floor(audits: np.ndarray) -> float:
    left = squares(solve(moments(audits)), audits) / (len(audits) - SIZE)
    return max(left**0.5, 1e-9)


def _believed(market: Tonight, floor: float) -> bool:
    if market.batch is None:
        return False
    left = squares(solve(moments(market.batch)), market.audits) / len(market.audits)
    return left**0.5 <= BORNE_OUT * floor


def _all(market: Tonight, tonight: Moments, fading: float) -> Moments:
    return tonight + sum((fading**days * found for days, found in market.past.items()), np.zeros_like(tonight))


def _unseen(market: Tonight, tonight: Moments, fading: float) -> float:
    """The error on tonight's audits, each of them guessed by a model that does not know it."""
    whole, left = _all(market, tonight, fading), 0.0
    for fold in range(FOLDS):
        rows = market.audits[fold::FOLDS]
        left += squares(solve(whole - moments(rows)), rows)
    return (left / len(market.audits)) ** 0.5


def _model(market: Tonight, tonight: Moments, fading: float, error: float) -> dict[str, Any] | None:
    if (old := weights(market.live)) is not None:
        kept = (squares(old, market.audits) / len(market.audits)) ** 0.5
        if kept * AS_GOOD < error:
            return None
    intercept, *coef = map(float, solve(_all(market, tonight, fading)))
    new = {"intercept": intercept, "coef": dict(zip(INPUTS, coef, strict=True))}
    return None if old is not None and np.allclose(old, [intercept, *coef], rtol=1e-7, atol=1e-10) else new


def weights(model: Mapping[str, Any] | None) -> np.ndarray | None:
    try:
        return np.array([model["intercept"], *(model["coef"][name] for name in INPUTS)], dtype=float)  # type: ignore[index]
    except (TypeError, KeyError, ValueError):
        return None
