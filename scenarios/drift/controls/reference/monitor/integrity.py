"""Data of which nobody should learn: a column that is gone, empty, stuck, in other words, or in another unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from scale import Scale

EMPTY, UNKNOWN, OTHER_UNIT = 0.6, 0.5, 4.0


class Integrity:
    def __init__(self, reference: dict[str, Any]) -> None:
        self._kinds = reference["kinds"]
        self._words: dict[str, set[str]] = {}
        self._scales: dict[str, Scale] = {}
        for name, kind in self._kinds.items():
            values = [value for day in reference["days"] for value in day["columns"][name] if value is not None]
            if kind == "number":
                self._scales[name] = Scale.of(np.array(values))
            else:
                self._words[name] = set(values)

    def broken(self, columns: dict[str, list[Any]]) -> str | None:
        """The first column that cannot be used, or None."""
        return next((name for name in self._kinds if self._unusable(name, columns.get(name))), None)

    def _unusable(self, name: str, column: list[Any] | None) -> bool:
        if column is None:
            return True
        values = [value for value in column if value is not None]
        if len(values) < (1 - EMPTY) * len(column) or len(set(values)) == 1:
            return True
        if name in self._words:
            return sum(value not in self._words[name] for value in values) > UNKNOWN * len(values)
        return abs(float(np.median(self._scales[name].apply(np.array(values, dtype=float))))) > OTHER_UNIT
