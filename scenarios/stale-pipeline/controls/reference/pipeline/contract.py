"""A batch in the source's words becomes rows in ours, or is refused with the reason."""

from __future__ import annotations

from typing import Any

import numpy as np


class Refused(ValueError):
    """The batch breaks its contract."""


def rows(batch: dict[str, Any], contract: dict[str, Any], day: str) -> dict[str, np.ndarray]:
    """The columns that the contract names, in canonical units; what else is there is left alone."""
    version = version_of(batch, contract)
    columns = {ours: _column(batch["columns"], spec["name"]) for ours, spec in version["columns"].items()}
    count = len(columns["sku"])
    if count < version["min_rows"]:
        raise Refused(f"{count} rows, {version['min_rows']} at least")
    if any(len(values) != count for values in columns.values()):
        raise Refused("columns of different lengths")
    if len(set(columns["sku"])) != count:
        raise Refused("rows come twice")
    if any(value != day for value in columns["date"]):
        raise Refused(f"rows that are not of {day}")
    numbers = {ours: spec for ours, spec in version["columns"].items() if spec["type"] == "number"}
    return {ours: _numbers(ours, columns[ours], spec) for ours, spec in numbers.items()}


def version_of(batch: dict[str, Any], contract: dict[str, Any]) -> dict[str, Any]:
    for version in contract["versions"]:
        if version["version"] == batch["schema"]:
            return version
    raise Refused(f"schema {batch['schema']} is not in the contract")


def _column(columns: dict[str, list], name: str) -> list:
    if name not in columns:
        raise Refused(f"no column {name}")
    if None in columns[name]:
        raise Refused(f"{name}: values are missing")
    return columns[name]


def _numbers(ours: str, values: list, spec: dict[str, Any]) -> np.ndarray:
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        raise Refused(f"{ours}: not all are numbers")
    found = np.array(values, dtype=float)
    if not np.isfinite(found).all() or found.min() < spec["min"] or found.max() > spec["max"]:
        raise Refused(f"{ours}: outside {spec['min']} to {spec['max']}")
    return found * spec["factor"] + spec["offset"]
