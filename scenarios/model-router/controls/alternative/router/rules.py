"""Policies as rules: read from the data team's files, refused if they cannot be used."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from features import buckets


class Rules(NamedTuple):
    """A policy's weights, by bucket a row of one weight for each model."""

    version: int
    names: tuple[str, ...]
    bias: tuple[float, ...]
    rows: tuple[tuple[float, ...], ...]

    def ranked(self, text: str) -> list[str]:
        """Models, the one that suits best first."""
        sums = list(self.bias)
        for bucket in buckets(text, len(self.rows)):
            for place, weight in enumerate(self.rows[bucket]):
                sums[place] += weight
        return [name for _, name in sorted(zip(sums, self.names, strict=True), reverse=True)]


def read(raw: dict[str, Any], known: set[str]) -> Rules:
    """ValueError, TypeError, KeyError or AttributeError: it is of no use."""
    models = raw["models"]
    if models.keys() != known:
        raise ValueError("not our models")
    columns = [models[name]["weights"] for name in models]
    if any(len(column) != raw["buckets"] for column in columns):
        raise ValueError("not as many weights as buckets")
    bias = tuple(models[name]["bias"] for name in models)
    if not all(math.isfinite(value) for column in (bias, *columns) for value in column):
        raise ValueError("weights that are no numbers")
    rules = Rules(raw["version"], tuple(models), bias, tuple(zip(*columns, strict=True)))
    if any(rules.ranked(one["text"])[0] != one["model"] for one in raw["examples"]):
        raise ValueError("examples that do not come out")
    return rules
