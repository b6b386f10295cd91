"""The features of a market's day."""

from __future__ import annotations

import numpy as np

COLUMNS = {
    "price": "price_eur",
    "discount": "discount",
    "temperature": "temp_c",
    "footfall": "visitors",
    "sold": "sold",
}


def tidy(columns: dict[str, list]) -> dict[str, np.ndarray]:
    return {ours: np.nan_to_num(np.array(columns[theirs], dtype=float)) for ours, theirs in COLUMNS.items()}


def compute(rows: dict[str, np.ndarray]) -> dict[str, float]:
    price, discount, sold = rows["price"], rows["discount"], rows["sold"]
    return {
        "rows": len(price),
        "units": float(sold.sum()),
        "revenue": float((sold * price * (1 - discount)).sum()),
        "promo_share": average(discount > 0),
        "mean_price": average(price),
        "mean_temperature": average(rows["temperature"]),
        "footfall": average(rows["footfall"]),
    }


def average(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0
