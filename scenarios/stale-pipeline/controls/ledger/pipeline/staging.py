"""Write, audit, publish: what is meant to go out lies here first, and goes out when it has been looked at.

A manifest in SQLite has one line for each market and day, so that a day which is out is never sent again.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TABLE = """CREATE TABLE IF NOT EXISTS manifest (
    market TEXT, day TEXT, state TEXT, reason TEXT, features TEXT, PRIMARY KEY (market, day)
)"""
OPEN = ("wanted", "rejected")


class Manifest:
    """States of a day: wanted (not there yet), staged (audited, not out), rejected (with the reason), out."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute(TABLE)

    def want(self, market: str, day: str) -> None:
        self._connection.execute("INSERT OR IGNORE INTO manifest VALUES (?, ?, 'wanted', '', '')", (market, day))

    def reconcile(self, market: str, day: str) -> None:
        """The registry has it already."""
        self._connection.execute("INSERT OR REPLACE INTO manifest VALUES (?, ?, 'out', '', '')", (market, day))

    def open(self, market: str) -> list[str]:
        rows = self._connection.execute(
            "SELECT day FROM manifest WHERE market = ? AND state IN ('wanted', 'rejected') ORDER BY day", (market,)
        )
        return [day for (day,) in rows]

    def stage(self, market: str, day: str, features: dict[str, float]) -> None:
        self._set(market, day, "staged", "", json.dumps(features))

    def reject(self, market: str, day: str, reason: str) -> None:
        self._set(market, day, "rejected", reason, "")

    def staged(self) -> list[tuple[str, str, dict[str, Any]]]:
        rows = self._connection.execute(
            "SELECT market, day, features FROM manifest WHERE state = 'staged' ORDER BY day"
        )
        return [(market, day, json.loads(features)) for market, day, features in rows.fetchall()]

    def out(self, market: str, day: str) -> None:
        self._set(market, day, "out", "", "")

    def rejected(self, day: str) -> list[tuple[str, str]]:
        rows = self._connection.execute(
            "SELECT market, reason FROM manifest WHERE day = ? AND state = 'rejected'", (day,)
        )
        return rows.fetchall()

    def newest(self) -> dict[str, str]:
        """The newest day of each market that is out."""
        return dict(
            self._connection.execute("SELECT market, max(day) FROM manifest WHERE state = 'out' GROUP BY market")
        )

    def _set(self, market: str, day: str, state: str, reason: str, features: str) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO manifest VALUES (?, ?, ?, ?, ?)", (market, day, state, reason, features)
        )


@contextmanager
def manifest() -> Iterator[Manifest]:
    """The manifest, committed when the block ends well."""
    connection = sqlite3.connect(Path(os.environ["DATA_DIR"]) / "manifest.db")
    try:
        with connection:
            yield Manifest(connection)
    finally:
        connection.close()
