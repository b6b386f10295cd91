"""Features and models from a table."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error

INPUTS = ["price", "discount", "temperature", "footfall"]
WORSE = 1.15  # of the mean squared error; what luck makes of forty rows


def features(rows: pd.DataFrame) -> dict[str, float]:
    revenue = rows["sold"] * rows["price"] * (1 - rows["discount"])
    return {
        "rows": len(rows),
        "units": float(rows["sold"].sum()),
        "revenue": float(revenue.sum()),
        "promo_share": float((rows["discount"] > 0).mean()),
        "mean_price": float(rows["price"].mean()),
        "mean_temperature": float(rows["temperature"].mean()),
        "footfall": float(rows["footfall"].mean()),
    }


def challenger(rows: pd.DataFrame) -> dict[str, Any]:
    fitted = LinearRegression().fit(rows[INPUTS].to_numpy(), rows["sold"].to_numpy())
    return {"intercept": float(fitted.intercept_), "coef": dict(zip(INPUTS, map(float, fitted.coef_), strict=True))}


def wins(challenger: dict[str, Any], champion: dict[str, Any], audit: pd.DataFrame) -> bool:
    return loss(challenger, audit) <= WORSE * loss(champion, audit)


def loss(model: dict[str, Any], audit: pd.DataFrame) -> float:
    said = model["intercept"] + sum(audit[name] * model["coef"][name] for name in INPUTS)
    return float(mean_squared_error(audit["sold"], said))
