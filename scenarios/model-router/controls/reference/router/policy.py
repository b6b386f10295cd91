"""A routing policy, checked before it routes anything."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from features import buckets


class Flawed(Exception):
    """The file is no policy that could be used."""


class Policy:
    """Raises Flawed."""

    def __init__(self, raw: Any, models: Collection[str]) -> None:
        try:
            self.version, self.many = int(raw["version"]), int(raw["buckets"])
            rows = raw["models"].items()
            self.rows = {name: (float(row["bias"]), list(map(float, row["weights"]))) for name, row in rows}
            examples = [(str(one["text"]), str(one["model"])) for one in raw["examples"]]
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise Flawed(repr(error)) from None
        if set(self.rows) != set(models):
            raise Flawed(f"its models are {sorted(self.rows)}")
        for name, (bias, weights) in self.rows.items():
            if len(weights) != self.many:
                raise Flawed(f"{name} has {len(weights)} weights")
            if not all(map(math.isfinite, (bias, *weights))):
                raise Flawed(f"{name} has weights that are no numbers")
        for text, model in examples:
            if self.order(text)[0] != model:
                raise Flawed("its own examples do not come out")

    def order(self, text: str) -> list[str]:
        """Models for a text, the best first."""
        found = buckets(text, self.many)
        scores = {name: bias + sum(weights[bucket] for bucket in found) for name, (bias, weights) in self.rows.items()}
        return sorted(scores, key=lambda name: -scores[name])
