"""Cumulative sums of bad thumbs, one for each version of each model."""

from __future__ import annotations

from typing import Any

ALLOWED = 0.35
ALARM = 3.0
LOOK_AGAIN = 30


class Watch:
    def __init__(self) -> None:
        self.sums: dict[tuple[str, str], float] = {}
        self.now: dict[str, str] = {}
        self.turns = 0

    def thumb(self, row: dict[str, Any]) -> None:
        key = row["model"], row["version"]
        if self.sums.get(key, 0.0) < ALARM:
            self.sums[key] = max(0.0, self.sums.get(key, 0.0) + (not row["good"]) - ALLOWED)

    def down(self, model: str) -> bool:
        return self.sums.get((model, self.now.get(model, "")), 0.0) >= ALARM

    def up(self, order: list[str]) -> list[str]:
        """Without models that are down, which come last; every so often one is looked at again."""
        self.turns += 1
        if self.turns % LOOK_AGAIN == 0:
            return order
        return [name for name in order if not self.down(name)] + [name for name in order if self.down(name)]
