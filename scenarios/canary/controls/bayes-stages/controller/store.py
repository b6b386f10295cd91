"""What outlives the process: the rollouts, their last checkpoint, and a trail of what was decided and why.

SQLite in WAL mode with synchronous=NORMAL: a commit survives the death of the process; only a power cut may lose the
last ones, and then v1 gets the traffic at the gateway's start anyway.
"""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS rollout (
    id INTEGER PRIMARY KEY,
    version TEXT NOT NULL,
    started REAL NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    resumes INTEGER NOT NULL DEFAULT 0,
    checkpoint TEXT
);
CREATE TABLE IF NOT EXISTS trail (
    at REAL NOT NULL, rollout INTEGER NOT NULL, what TEXT NOT NULL
);
"""


@dataclass(frozen=True)
class Row:
    id: int
    started: float
    state: str
    reason: str
    resumes: int
    checkpoint: dict[str, Any] | None


class Store:
    def __init__(self, folder: str) -> None:
        path = Path(folder) / "rollouts.sqlite3"
        self.lost = False  # whether what was stored could not be read
        try:
            self._open(path)
        except sqlite3.OperationalError:  # locked, or a full disk: the platform starts us again
            raise
        except sqlite3.DatabaseError:  # not a database any more: keep it for the autopsy, and begin anew
            self.lost = True
            path.rename(path.with_name(f"{path.name}.broken-{time.time_ns()}"))
            for leftover in ("-wal", "-shm"):
                path.with_name(path.name + leftover).unlink(missing_ok=True)
            self._open(path)

    def _open(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=1.0, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    def begin(self, version: str) -> int:
        with self._db:
            cursor = self._db.execute(
                "INSERT INTO rollout (version, started, state) VALUES (?, ?, 'running')", (version, time.time())
            )
        return int(cursor.lastrowid or 0)

    def latest(self) -> Row | None:
        found = self._db.execute(
            "SELECT id, started, state, reason, resumes, checkpoint FROM rollout ORDER BY id DESC LIMIT 1"
        ).fetchone()
        if found is None:
            return None
        return Row(*found[:5], checkpoint=json.loads(found[5]) if found[5] else None)

    def checkpoint(self, rollout: int, data: dict[str, Any]) -> None:
        self._db.execute("UPDATE rollout SET checkpoint = ? WHERE id = ?", (json.dumps(data), rollout))

    def resumed(self, rollout: int) -> None:
        self._db.execute("UPDATE rollout SET resumes = resumes + 1 WHERE id = ?", (rollout,))

    def set_state(self, rollout: int, state: str, reason: str = "") -> None:
        self._db.execute("UPDATE rollout SET state = ?, reason = ? WHERE id = ?", (state, reason, rollout))

    def note(self, rollout: int, what: str) -> None:
        self._db.execute("INSERT INTO trail VALUES (?, ?, ?)", (time.time(), rollout, what))
