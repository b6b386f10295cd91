"""A batch against its contract, and the features of a market's day."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

NUMBERS = ("price", "discount", "temperature", "footfall", "sold")
Rows = dict[str, np.ndarray]


def agreed(contract: Any, batch: Any, day: str) -> dict[str, Any] | None:
    """The version of the contract that a batch is held to: the one it names, or else the one in force on its day."""
    versions = sorted(contract["versions"], key=lambda version: str(version["from"]))
    schema = batch.get("schema")
    for version in versions:
        if schema is not None and str(schema) in (str(version.get("schema")), str(version.get("version"))):
            return version
    in_force = [version for version in versions if str(version["from"]) <= day]
    return in_force[-1] if in_force else None


def read(batch: Any, contract: Any, market: str, day: str) -> tuple[Rows | None, str]:
    """Rows in canonical units, or None and all that is wrong with them (the first three things)."""
    try:
        version = agreed(contract, batch, day)
        if version is None:
            return None, "no contract is in force"
        wrong = "; ".join(islice(complaints(batch, version, market, day), 3))
        return (None, wrong) if wrong else (canonical(batch, version), "")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return None, f"not in the form that was agreed: {error!r}"


def complaints(batch: Any, version: Any, market: str, day: str) -> Iterator[str]:
    if batch["market"] != market or batch["day"] != day:
        yield f"it says that it is of {batch['market']}, {batch['day']}"
    columns, counts = batch["columns"], set()
    for ours, column in version["columns"].items():
        name = column["name"]
        values = columns.get(name)
        if not isinstance(values, list):
            yield f"there is no column {name}, our {ours}"
            continue
        counts.add(len(values))
        missing = sum(value is None or value == "" or value != value for value in values)
        if missing:
            yield f"{missing} values of {name}, our {ours}, are missing"
        elif ours == "date" and any(value != day for value in values):
            yield "it has rows of another day"
        elif ours == "sku" and len(set(values)) < len(values):
            yield f"{len(values) - len(set(values))} rows are there twice"
        elif ours in NUMBERS:
            yield from _of_numbers(name, ours, values, column)
    if len(counts) > 1:
        yield f"its columns have {min(counts)} to {max(counts)} rows"
    elif counts and min(counts) < max(1, version.get("min_rows") or 1):
        yield f"it has {min(counts)} rows, and {version.get('min_rows')} are the least"


def _of_numbers(name: str, ours: str, values: list[Any], column: Any) -> Iterator[str]:
    if not {type(value) for value in values} <= {int, float}:
        yield f"{name}, our {ours}, has values that are no numbers"
        return
    low, high = column.get("min"), column.get("max")
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    outside = sum(not (low <= value <= high and math.isfinite(value)) for value in values)
    if outside:
        yield f"{outside} values of {name}, our {ours}, are not within {low:g} to {high:g}"


def canonical(batch: Any, version: Any) -> Rows:
    rows = {}
    for ours in NUMBERS:
        column = version["columns"][ours]
        factor, offset = column.get("factor"), column.get("offset")
        values = np.array(batch["columns"][column["name"]], dtype=float)
        rows[ours] = values * (1.0 if factor is None else factor) + (offset or 0.0)
    return rows


def compute(rows: Rows) -> dict[str, float]:
    price, discount, sold = rows["price"], rows["discount"], rows["sold"]
    return {
        "rows": len(price),
        "units": float(sold.sum()),
        "revenue": float((sold * price * (1 - discount)).sum()),
        "promo_share": float(np.mean(discount > 1e-9)),
        "mean_price": float(price.mean()),
        "mean_temperature": float(rows["temperature"].mean()),
        "footfall": float(rows["footfall"].mean()),
    }


def own(day: str, revision: Any) -> bool:
    """Whether what is out for a day was made from its rows. A copy is not, nor is the nothing of a till that was off."""
    match revision:
        case {"data_day": made_of, "features": {"rows": rows, "units": units}}:
            return made_of == day and rows > 0 and units > 0
    return False
