"""The table of scores of the last night that succeeded."""

from __future__ import annotations

from typing import Any


class Table:
    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.date = ""

    def get(self, card: str) -> dict[str, Any] | None:
        return self.rows.get(card)

    def replace(self, rows: dict[str, dict[str, Any]], date: str) -> None:
        """From now on it is these rows, all of them."""
        self.rows, self.date = rows, date
