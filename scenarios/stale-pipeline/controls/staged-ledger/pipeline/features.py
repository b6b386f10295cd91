"""The features of a market's day."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from settings import NUMBERS

NO_DISCOUNT = 1e-9


def compute(rows: pd.DataFrame) -> dict[str, float]:
    of = {name: rows[name].to_numpy() for name in NUMBERS}
    return {
        "rows": len(rows),
        "units": float(of["sold"].sum()),
        "revenue": float((of["sold"] * of["price"] * (1 - of["discount"])).sum()),
        "promo_share": float((of["discount"] > NO_DISCOUNT).mean()),
        "mean_price": float(of["price"].mean()),
        "mean_temperature": float(of["temperature"].mean()),
        "footfall": float(of["footfall"].mean()),
    }


def is_own(day: str, revision: dict[str, Any] | None) -> bool:
    """Made from the day's own rows: neither a copy nor the nothing that a till reported which was off."""
    if not revision or revision.get("data_day") != day:
        return False
    features = revision.get("features") or {}
    return features.get("rows", 0) > 0 and features.get("units", 0) > 0


def same(revision: dict[str, Any] | None, values: dict[str, float]) -> bool:
    out = (revision or {}).get("features") or {}
    return all(name in out and math.isclose(out[name], value, rel_tol=1e-6) for name, value in values.items())
