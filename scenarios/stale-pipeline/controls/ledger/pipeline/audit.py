"""Checks of a batch, one rule a line; a batch has all of its faults listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def table(batch: dict[str, Any], contract: dict[str, Any]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The batch as a table under our names (columns that it lacks are missing), and the contract's version."""
    version = next((each for each in contract["versions"] if each["version"] == batch["schema"]), None)
    if version is None:
        return pd.DataFrame(), {"columns": {}, "min_rows": 1}
    ours = {spec["name"]: name for name, spec in version["columns"].items()}
    known = {ours[name]: pd.Series(values, dtype=object) for name, values in batch["columns"].items() if name in ours}
    return pd.DataFrame(known), version


def faults(frame: pd.DataFrame, version: dict[str, Any], day: str) -> Iterator[str]:
    """What is wrong with a table; nothing for one that can be used."""
    if lacking := set(version["columns"]) - set(frame.columns):
        yield f"lacks {', '.join(sorted(lacking))}"
        return
    if len(frame) < version["min_rows"]:
        yield f"{len(frame)} rows instead of {version['min_rows']} or more"
    if frame[list(version["columns"])].isna().any(axis=None):
        yield "values are missing"
    if frame["sku"].duplicated().any():
        yield "the same article twice"
    if not (frame["date"] == day).all():
        yield f"not all rows are of {day}"
    for name, spec in version["columns"].items():
        if spec["type"] == "number":
            values = pd.to_numeric(frame[name], errors="coerce")
            if not values.between(spec["min"], spec["max"]).all():
                yield f"{name} is not within {spec['min']} and {spec['max']}"


def canonical(frame: pd.DataFrame, version: dict[str, Any]) -> pd.DataFrame:
    """The numbers in canonical units."""
    return pd.DataFrame(
        {
            name: frame[name].astype(float) * spec["factor"] + spec["offset"]
            for name, spec in version["columns"].items()
            if spec["type"] == "number"
        }
    )
