"""The features of a market's day."""

from __future__ import annotations

import numpy as np


def compute(rows: dict[str, np.ndarray]) -> dict[str, float]:
    price, discount, sold = rows["price"], rows["discount"], rows["sold"]
    return {
        "rows": len(price),
        "units": float(sold.sum()),
        "revenue": float((sold * price * (1 - discount)).sum()),
        "promo_share": float((discount > 0).mean()),
        "mean_price": float(price.mean()),
        "mean_temperature": float(rows["temperature"].mean()),
        "footfall": float(rows["footfall"].mean()),
    }
