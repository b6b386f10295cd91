"""Demand models: fitting, judging by hand-counted rows, and the choice of the one that goes live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from settings import INPUTS, SETTINGS
from sklearn import set_config
from sklearn.linear_model import LinearRegression

set_config(assume_finite=True, skip_parameter_validation=True)  # the rows were inspected

Model = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """`model` None: the live one stays. `floor`: what any linear model leaves; `error`: what the choice leaves."""

    model: Model | None
    why: str
    error: float
    floor: float


def fit(rows: pd.DataFrame) -> Model:
    # Inputs of very different size; centred and scaled so that the solution is as exact as the data.
    inputs = rows[list(INPUTS)].to_numpy()
    centre, spread = inputs.mean(axis=0), inputs.std(axis=0)
    spread[spread == 0] = 1.0
    line = LinearRegression().fit((inputs - centre) / spread, rows["sold"].to_numpy())
    coef = line.coef_ / spread
    return {
        "intercept": float(line.intercept_ - centre @ coef),
        "coef": {name: float(value) for name, value in zip(INPUTS, coef, strict=True)},
    }


def error(model: Model | None, rows: pd.DataFrame) -> float:
    """Infinite for what is no model."""
    try:
        coef = np.array([model["coef"][name] for name in INPUTS], dtype=float)  # type: ignore[index]
        guess = model["intercept"] + rows[list(INPUTS)].to_numpy() @ coef  # type: ignore[index]
        return float(np.sqrt(np.mean((rows["sold"].to_numpy() - guess) ** 2)))
    except (TypeError, KeyError, ValueError):
        return float("inf")


def floor(audit: pd.DataFrame) -> float:
    """The error that is left to the best line through the audited rows, without the optimism of having been fitted."""
    count, freedom = len(audit), len(audit) - len(INPUTS) - 1
    return error(fit(audit), audit) * (count / freedom) ** 0.5


def left_out(audit: pd.DataFrame) -> float:
    """The error of a model of the audited rows on each row that it had not seen (PRESS)."""
    design = np.column_stack([np.ones(len(audit)), audit[list(INPUTS)].to_numpy()])
    q, _ = np.linalg.qr(design / np.maximum(np.abs(design).max(axis=0), 1e-12))
    leverage = np.minimum((q**2).sum(axis=1), 0.99)
    model = fit(audit)
    coef = np.array([model["coef"][name] for name in INPUTS])
    residual = audit["sold"].to_numpy() - model["intercept"] - design[:, 1:] @ coef
    return float(np.sqrt(np.mean((residual / (1 - leverage)) ** 2)))


def choose(audit: pd.DataFrame, fresh: Model | None, archive: dict[str, Model], live: Model | None) -> Choice:
    """Which model is to be live tonight.

    Tonight's own if it is fit. Otherwise the best of those of days past, of one made of the audits themselves and of
    the live one, which is kept unless another is clearly better.
    """
    best = floor(audit)
    if fresh is not None and (left := error(fresh, audit)) <= SETTINGS.fit_ratio * best:
        return Choice(None if same_model(fresh, live) else fresh, "of tonight", left, best)
    others = {f"of {day}": (error(model, audit), model) for day, model in archive.items()}
    others["of the audits"] = (left_out(audit), fit(audit))
    why = min(others, key=lambda name: others[name][0])
    left, model = others[why]
    kept = error(live, audit)
    if kept <= SETTINGS.churn_ratio * left:
        return Choice(None, "kept", kept, best)
    return Choice(model, why, left, best)


def same_model(one: Model, other: Model | None) -> bool:
    """Whether two models are the same, to the digits that survive the way."""
    if not other:
        return False
    pairs = [(one["intercept"], other.get("intercept"))]
    pairs += [(one["coef"][name], (other.get("coef") or {}).get(name)) for name in INPUTS]
    return all(b is not None and bool(np.isclose(a, b, rtol=1e-9, atol=1e-12)) for a, b in pairs)
