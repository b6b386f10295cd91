"""The table of scores that the nightly job fills."""

from __future__ import annotations

from typing import Any


class Table:
    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.date = ""

    def get(self, card: str) -> dict[str, Any] | None:
        return self.rows.get(card)

    def put(self, row: dict[str, Any]) -> None:
        self.rows[row["card"]] = row

    def clear(self) -> None:
        self.rows.clear()

    def loaded(self, date: str) -> None:
        """The job of this night is done."""
        self.date = date
