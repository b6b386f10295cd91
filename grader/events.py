"""The table of events: its columns, how it is written, and how it is read back.

Live, each trial appends JSON lines; a finished run holds `events.parquet` (what was seen) and `plan.parquet` (what was
scheduled, same columns, outcomes null). Judge and reports read either through a DuckDB connection with the views
`events` and `plan`; `latency` is added there: `done - due` in seconds, infinity without an answer.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import BadRun

if TYPE_CHECKING:
    import duckdb

COLUMNS: Mapping[str, str] = {
    "trial": "VARCHAR",
    "kind": "VARCHAR",
    "name": "VARCHAR",
    "id": "VARCHAR",
    "phase": "VARCHAR",
    "segment": "VARCHAR",
    "due": "DOUBLE",
    "sent": "DOUBLE",
    "done": "DOUBLE",
    "status": "INTEGER",
    "answer": "VARCHAR",
    "served_by": "VARCHAR",
    "value": "DOUBLE",
    "error": "VARCHAR",
}

_LATENCY = "coalesce(done - due, 'infinity'::DOUBLE) AS latency"


def append(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Append events as JSON lines; a missing file is made."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory database that opens nothing but what is named, with times in UTC."""
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET enable_progress_bar = false")
    return connection


def live(files: Iterable[Path], plan: Iterable[Path]) -> duckdb.DuckDBPyConnection:
    """A connection over JSON lines that are still being written; a torn last line is left out."""
    connection = connect()
    _json_table(connection, "events", files)
    _json_table(connection, "plan", plan)
    return connection


def save(files: Iterable[Path], out: Path) -> None:
    """JSON lines as one Parquet file, in the order of trial, due time and id.

    Raises:
        BadRun: a line is not an event.
        OSError: the disk is full.
    """
    import duckdb

    connection = connect()
    try:
        _json_table(connection, "rows", files, strict=True)
        columns = ", ".join(COLUMNS)
        connection.execute(f"COPY (SELECT {columns} FROM rows ORDER BY trial, due, kind, id, name) TO '{_quoted(out)}'")
    except duckdb.Error as error:
        if (full := os.strerror(errno.ENOSPC)) in str(error):
            raise OSError(errno.ENOSPC, full, str(out)) from error
        raise BadRun(f"{out.name}: an event file is not whole: {_line(error)}") from error
    finally:
        connection.close()


def recorded(run_dir: Path) -> duckdb.DuckDBPyConnection:
    """A connection over a finished run.

    Raises:
        BadRun: a Parquet file is missing, truncated, corrupt, or has other columns.
    """
    connection = connect()
    for table in ("events", "plan"):
        _parquet_view(connection, table, run_dir / f"{table}.parquet")
    return connection


def _parquet_view(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    import duckdb

    if not path.is_file():
        raise BadRun(f"{path}: does not exist; this is not the folder of a finished run")
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{_quoted(path)}')").fetchall()
        connection.execute(f"CREATE VIEW {table} AS SELECT *, {_LATENCY} FROM read_parquet('{_quoted(path)}')")
    except duckdb.Error as error:
        raise BadRun(f"{path}: is truncated or corrupt: {_line(error)}") from error
    if {row[0]: row[1] for row in described} != dict(COLUMNS):
        raise BadRun(f"{path}: has other columns than this version writes; judge it with the version that made it")


def _json_table(
    connection: duckdb.DuckDBPyConnection, table: str, files: Iterable[Path], *, strict: bool = False
) -> None:
    names = [f"'{_quoted(path)}'" for path in files if path.exists() and path.stat().st_size]
    if not names:
        columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())
        connection.execute(f"CREATE TABLE {table} AS SELECT {columns}, 0.0::DOUBLE AS latency LIMIT 0")
        return
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
    errors = "false" if strict else "true"
    connection.execute(
        f"CREATE TABLE {table} AS SELECT *, {_LATENCY} FROM read_json([{', '.join(names)}], "
        f"format = 'newline_delimited', columns = {{{columns}}}, ignore_errors = {errors}) WHERE trial IS NOT NULL"
    )


def _quoted(text: Path | str) -> str:
    return str(text).replace("'", "''")


def literals(values: Iterable[str]) -> str:
    """SQL text of a list of strings, `('a', 'b')`; an empty list matches nothing."""
    quoted = [f"'{_quoted(value)}'" for value in values]
    return f"({', '.join(quoted) or 'NULL'})"


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
