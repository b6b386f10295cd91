"""What must outlive the process: notices as they came, and the facts and verdicts of the days.

A notice is written when it comes and judged in a second step, so that a day which was announced but not judged (a crash,
the warehouse away) is known and can be caught up on. One SQLite file, written by one connection.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from dataclasses import asdict
from pathlib import Path

from model import DayFacts, Notice, Verdict

log = logging.getLogger("monitor.store")

SCHEMA = """
CREATE TABLE IF NOT EXISTS days (
    stream TEXT NOT NULL, date TEXT NOT NULL, reference TEXT NOT NULL, batch TEXT NOT NULL,
    domain TEXT NOT NULL, calendar TEXT NOT NULL, received REAL NOT NULL, facts TEXT,
    PRIMARY KEY (stream, date)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS days_received ON days (received);
"""
VERSION = 1  # of the facts; a change of their meaning needs a new one


class Store:
    def __init__(self, directory: str, retention_days: int) -> None:
        self._lock = threading.Lock()
        self._db = self._open(Path(directory) / f"monitor-v{VERSION}.sqlite")
        with self._lock, self._db:
            self._db.execute("DELETE FROM days WHERE received < ?", (time.time() - retention_days * 86400,))

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        """A damaged file is put aside; without any place to write to, memory must do."""
        for target in (path, path, ":memory:"):
            try:
                if isinstance(target, Path):
                    target.parent.mkdir(parents=True, exist_ok=True)
                db = sqlite3.connect(target, timeout=2.0, check_same_thread=False)
                db.execute("PRAGMA journal_mode=WAL")
                db.execute("PRAGMA synchronous=NORMAL")
                db.executescript(SCHEMA)
                return db
            except sqlite3.DatabaseError as error:
                log.error("cannot use %s: %r", target, error)
                if isinstance(target, Path) and not isinstance(error, sqlite3.OperationalError):
                    for each in (target, target.with_name(target.name + "-wal"), target.with_name(target.name + "-shm")):
                        each.unlink(missing_ok=True)
            except OSError as error:
                log.error("cannot use %s: %r", target, error)
        raise RuntimeError("no database")

    def received(self, notice: Notice) -> None:
        with self._lock, self._db:
            self._db.execute(
                "INSERT INTO days VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (stream, date) DO UPDATE SET "
                "reference = excluded.reference, batch = excluded.batch, calendar = excluded.calendar, "
                "received = excluded.received, facts = NULL "
                "WHERE batch <> excluded.batch OR reference <> excluded.reference",
                (notice.stream, notice.date, notice.reference, notice.batch, notice.domain, notice.calendar, time.time()),
            )

    def judged(self, notice: Notice, facts: DayFacts) -> None:
        with self._lock, self._db:
            self._db.execute(
                "UPDATE days SET facts = ? WHERE stream = ? AND date = ?",
                (json.dumps(asdict(facts), separators=(",", ":")), notice.stream, notice.date),
            )

    def judged_days(self, stream: str, reference: str, most: int) -> dict[str, DayFacts]:
        with self._lock:
            rows = self._db.execute(
                "SELECT facts FROM days WHERE stream = ? AND reference = ? AND facts IS NOT NULL ORDER BY date DESC LIMIT ?",
                (stream, reference, most),
            ).fetchall()
        days = {}
        for (text,) in reversed(rows):
            kept = json.loads(text)
            day = DayFacts(**{**kept, "verdict": Verdict(**kept["verdict"])})
            days[day.date] = day
        return days

    def unjudged(self, stream: str, reference: str, before: str, most: int) -> list[Notice]:
        """Days that were announced and never judged, the youngest `most` of them in order."""
        with self._lock:
            rows = self._db.execute(
                "SELECT stream, domain, date, calendar, batch, reference FROM days "
                "WHERE stream = ? AND reference = ? AND date < ? AND facts IS NULL ORDER BY date DESC LIMIT ?",
                (stream, reference, before, most),
            ).fetchall()
        return [Notice(*row) for row in reversed(rows)]

    def close(self) -> None:
        with self._lock:
            self._db.close()
