"""A journal of one tenant's night in SQLite. Two files: one is the lease, the other what was done."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Taken(Exception):
    """Another run has the lease."""


class Journal:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lease = sqlite3.connect(folder / "lease.db", timeout=0, isolation_level=None)
        try:
            # Held until this process ends, in whatever way. Not EXCLUSIVE: of two runs that ask for that in the same
            # instant each may be refused, because the other is reading; a write lock one of them always gets.
            self._lease.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            raise Taken from None
        self._done = sqlite3.connect(folder / "done.db", isolation_level=None)
        self._done.execute("CREATE TABLE IF NOT EXISTS done (step TEXT PRIMARY KEY, result TEXT NOT NULL)")

    def once(self, step: str, work: Callable[[], Any]) -> Any:
        """The result of a step; worked for only if no run has it yet."""
        row = self._done.execute("SELECT result FROM done WHERE step = ?", (step,)).fetchone()
        if row is not None:
            return json.loads(row[0])
        result = work()
        self._done.execute("INSERT INTO done VALUES (?, ?)", (step, json.dumps(result)))
        return result
