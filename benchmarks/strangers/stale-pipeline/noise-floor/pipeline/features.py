"""From a batch to rows that keep the contract, and from those to the features of a market's day."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

NUMBERS = ("price", "discount", "temperature", "footfall", "sold")


class Unusable(Exception):
    """The batch breaks the contract; the message says how."""


def tidy(batch: dict[str, Any], contract: dict[str, Any], market: str, day: str) -> dict[str, np.ndarray]:
    """A batch's rows in canonical units.

    Raises:
        Unusable: the contract is broken in some way.
    """
    try:
        return _tidy(batch, contract, market, day)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unusable(f"not as agreed: {error!r}") from error


def _tidy(batch: dict[str, Any], contract: dict[str, Any], market: str, day: str) -> dict[str, np.ndarray]:
    if (batch["market"], batch["day"]) != (market, day):
        raise Unusable(f"is of {batch['market']} {batch['day']}")
    version = in_force(contract, day, batch.get("schema"))
    agreed, found = version["columns"], {}
    for ours, column in agreed.items():
        values = batch["columns"].get(column["name"])
        if not isinstance(values, list):
            raise Unusable(f"no column {column['name']} ({ours})")
        if any(value is None or value == "" or value != value for value in values):
            raise Unusable(f"{column['name']}: values missing")
        found[ours] = values
    lengths = {len(values) for values in found.values()}
    if len(lengths) != 1 or max(lengths) < max(1, version["min_rows"]):
        raise Unusable(f"{sorted(lengths)} rows, at least {version['min_rows']} expected")
    if set(found["date"]) != {day}:
        raise Unusable("rows of another day")
    if len(set(found["sku"])) != len(found["sku"]):
        raise Unusable("rows twice")
    return {ours: _number(found[ours], agreed[ours]) for ours in NUMBERS}


def _number(values: list, column: dict[str, Any]) -> np.ndarray:
    if not set(map(type, values)) <= {int, float}:
        raise Unusable(f"{column['name']}: not numbers")
    array = np.array(values, dtype=float)
    low, high = column.get("min", -math.inf), column.get("max", math.inf)
    if not np.isfinite(array).all() or array.min() < low or array.max() > high:
        raise Unusable(f"{column['name']}: {array.min():g} to {array.max():g} is not within {low:g} to {high:g}")
    return array * column.get("factor", 1) + column.get("offset", 0)


def in_force(contract: dict[str, Any], day: str, schema: Any) -> dict[str, Any]:
    """The version that the batch names, else that of its day."""
    versions = contract["versions"]
    for version in versions:
        if schema is not None and schema in (version.get("schema"), version.get("version")):
            return version
    begun = [version for version in versions if str(version["from"]) <= day]
    if not begun:
        raise Unusable("no contract is in force")
    return max(begun, key=lambda version: str(version["from"]))


def compute(rows: dict[str, np.ndarray]) -> dict[str, float]:
    price, discount, sold = rows["price"], rows["discount"], rows["sold"]
    return {
        "rows": len(price),
        "units": float(sold.sum()),
        "revenue": float((sold * price * (1 - discount)).sum()),
        "promo_share": float((discount > 1e-9).mean()),
        "mean_price": float(price.mean()),
        "mean_temperature": float(rows["temperature"].mean()),
        "footfall": float(rows["footfall"].mean()),
    }


def own(day: str, revision: dict[str, Any] | None) -> bool:
    """Whether a revision was made from the day's own rows: no copy, and not the zeros of a till that was off."""
    return (
        revision is not None
        and revision["data_day"] == day
        and revision["features"].get("rows", 0) > 0
        and revision["features"].get("units", 0) > 0
    )
