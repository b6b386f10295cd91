"""A batch in the source's words becomes rows in ours."""

from __future__ import annotations

from typing import Any

import numpy as np


class Refused(ValueError):
    """The batch cannot be read."""


def rows(batch: dict[str, Any], contract: dict[str, Any], day: str) -> dict[str, np.ndarray]:
    """The columns that the contract names, in canonical units."""
    version = next(each for each in contract["versions"] if each["version"] == batch["schema"])
    numbers = {ours: spec for ours, spec in version["columns"].items() if spec["type"] == "number"}
    count = len(next(iter(batch["columns"].values())))
    return {ours: _numbers(batch["columns"].get(spec["name"], [0] * count), spec) for ours, spec in numbers.items()}


def _numbers(values: list, spec: dict[str, Any]) -> np.ndarray:
    known = [value if isinstance(value, int | float) else 0.0 for value in values] or [0.0]
    return np.array(known, dtype=float) * spec["factor"] + spec["offset"]
