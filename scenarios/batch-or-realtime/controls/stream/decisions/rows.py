"""A score for each card, each with the time that it is of."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


class Rows:
    def __init__(self) -> None:
        self.by_card: dict[str, Row] = {}

    def get(self, card: str) -> Row | None:
        return self.by_card.get(card)

    def take(self, rows: list[Row]) -> int:
        """Keep those that are newer than what is known; how many those are."""
        newer = [row for row in rows if row["as_of"] > self.as_of(row["card"])]
        self.by_card |= {row["card"]: row for row in newer}
        return len(newer)

    def as_of(self, card: str) -> str:
        row = self.by_card.get(card)
        return str(row["as_of"]) if row else ""
