"""What the pipeline did and why, in SQLite on /data: for people who ask, for the models of days past, and a spare copy
of the contracts. The registry and the pager remain the truth about what is out; without this file nothing goes wrong.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

log = logging.getLogger("ledger")

SCHEMA = """
create table if not exists verdict (night text, market text, day text, verdict text, why text,
    primary key (night, market, day)) without rowid;
create table if not exists model (market text, day text, body text, primary key (market, day)) without rowid;
create table if not exists contract (id integer primary key check (id = 1), body text);
create table if not exists page (market text, day text, night text, primary key (market, day)) without rowid;
"""


class Ledger:
    """Trouble with the disk is told and survived: each method then does nothing, or knows nothing."""

    def __init__(self, path: Path) -> None:
        self._db: sqlite3.Connection | None = None
        for again in (False, True):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._db = sqlite3.connect(path, timeout=1.0, check_same_thread=False)
                self._db.executescript("pragma synchronous = normal;" + SCHEMA)
                return
            except (sqlite3.Error, OSError) as error:
                log.warning("ledger: %r", error)
                self._db = None
                if not again and isinstance(error, sqlite3.DatabaseError):
                    with suppress(OSError):
                        path.replace(path.with_suffix(".broken"))

    def verdicts(self, night: str, rows: Iterable[tuple[str, str, str, str]]) -> None:
        self._write("insert or replace into verdict values (?, ?, ?, ?, ?)", [(night, *row) for row in rows])

    def models(self, rows: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
        self._write("insert or replace into model values (?, ?, ?)", [(m, d, json.dumps(body)) for m, d, body in rows])

    def archive(self, first: str, last: str) -> dict[str, dict[str, dict[str, Any]]]:
        """Models by market and day, of some days."""
        found: dict[str, dict[str, dict[str, Any]]] = {}
        query = "select market, day, body from model where day between ? and ?"
        for market, day, body in self._read(query, (first, last)):
            found.setdefault(market, {})[day] = json.loads(body)
        return found

    def keep_contracts(self, raw: dict[str, Any]) -> None:
        self._write("insert or replace into contract values (1, ?)", [(json.dumps(raw),)])

    def contracts(self) -> dict[str, Any] | None:
        rows = self._read("select body from contract", ())
        return json.loads(rows[0][0]) if rows else None

    def page(self, market: str, day: str, night: str) -> None:
        self._write("insert or replace into page values (?, ?, ?)", [(market, day, night)])

    def pages(self, night: str) -> set[tuple[str, str]]:
        return set(self._read("select market, day from page where night = ?", (night,)))

    def tidy(self, before: str) -> None:
        for table in ("verdict", "model", "page"):
            self._write(f"delete from {table} where day < ?", [(before,)])

    def close(self) -> None:
        if self._db is not None:
            self._db.close()

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        if self._db is None or not rows:
            return
        try:
            with self._db:
                self._db.executemany(statement, rows)
        except (sqlite3.Error, OSError) as error:
            log.warning("ledger: %r", error)

    def _read(self, query: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        if self._db is None:
            return []
        try:
            return self._db.execute(query, parameters).fetchall()
        except (sqlite3.Error, OSError) as error:
            log.warning("ledger: %r", error)
            return []
