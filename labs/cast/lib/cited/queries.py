"""Queries of strangers over a case's tables, in DuckDB. Only ever in a child process (`cited.child`)."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from cited.values import Value, plain

MEMORY = "128MB"
QUERY_S = 0.5
STUCK_S = 1.5
"""A query that is not interrupted by then ends its process."""

LOOK_S = 0.02
STUCK = 3
"""Exit code of a process that ended so."""

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": MEMORY,
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
_SETTINGS = (
    "enable_progress_bar = false",
    "TimeZone = 'UTC'",
    "enable_external_access = false",
    "lock_configuration = true",
)
_WRITING = "INSERT", "UPDATE", "DELETE", "MERGE"
_TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}
_MACROS = "list_.*|array_.*|date_add|days_in_month|fdiv|geomean|if|nullif|split_part|wavg|weighted_avg"
"""Others sleep, or tell of the database."""

_NOW = {"current_timestamp", "current_date", "current_time", "localtime", "localtimestamp"}


class Refused(Exception):
    """A query that gives no value. One sentence."""


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """All objects of a tree."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
        children = node.values() if isinstance(node, dict) else node
        waiting.extend(child for child in children if isinstance(child, (dict, list)))


class Base:
    """One set of tables, read from Parquet, and then closed: no files, no network, no settings, nothing else to read.

    A file that cannot be read as Parquet is no table."""

    _known: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, folder: Path) -> None:
        self._at = duckdb.connect(":memory:", config=_CONFIG)
        self.tables: set[str] = set()
        for file in sorted(folder.glob("*.parquet")):
            try:
                self._at.execute(f"CREATE TABLE {_quoted(file.stem)} AS FROM read_parquet(?)", [str(file)])
            except duckdb.Error:
                continue
            self.tables.add(file.stem.lower())
        for setting in _SETTINGS:
            self._at.execute(f"SET {setting}")

    @property
    def _steady(self) -> frozenset[str]:
        """Functions that give the same for the same, each time; no base has others, so one is asked."""
        if not Base._known:
            steady = (
                "SELECT function_name FROM duckdb_functions() WHERE stability = 'CONSISTENT'"
                " OR (function_type = 'macro' AND function_name SIMILAR TO ?)"
            )
            Base._known = frozenset(str(row[0]).lower() for row in self._at.execute(steady, [_MACROS]).fetchall())
        return Base._known

    @classmethod
    def prepare(cls) -> None:
        """Know all functions, and leave no thread: a process that forks others asks once for all of them."""
        base = cls(Path(os.devnull))
        _ = base._steady
        base._at.close()

    def syntax(self, query: str) -> dict[str, Any]:
        """The tree of a query that may run.

        Raises:
            Refused: it is not one SELECT; it reads none of the tables, or something else, or what is not the same each
                time.
        """
        try:
            found = self._at.execute("SELECT json_serialize_sql(?)", [query]).fetchone()
            answer: dict[str, Any] = json.loads(found[0]) if found else {}
        except (duckdb.Error, ValueError, RecursionError) as error:
            raise Refused(f"cannot be read: {_first_line(str(error))}") from None
        if answer.get("error", True):
            raise Refused(f"not a SELECT: {_first_line(answer.get('error_message', ''))}")
        if len(answer["statements"]) != 1:
            raise Refused("not one SELECT")
        tree: dict[str, Any] = answer["statements"][0]
        self._check(tree)
        return tree

    def _check(self, tree: dict[str, Any]) -> None:
        own = {each["key"].lower() for node in nodes(tree) for each in node.get("cte_map", {}).get("map", [])}
        read = {name for node in nodes(tree) if (name := self._read(node))}
        if strange := read - self.tables - own:
            raise Refused(f"{sorted(strange)[0]} is no table of the case")
        if not (read - own) & self.tables:
            raise Refused("reads no table of the case")

    def _read(self, node: dict[str, Any]) -> str:
        """The table that a node of a query reads, or nothing."""
        kind, path = str(node.get("type")), node.get("qualified_name", {}).get("path", [])
        if kind.startswith(_WRITING):
            raise Refused("not a SELECT: it would write")
        if node.get("sample"):
            raise Refused("a sample is not the same each time")
        if kind == "TABLE_FUNCTION":
            self._check_function(node["function"].get("function_name", ""), _TABLE_FUNCTIONS)
        elif node.get("class") == "FUNCTION":
            self._check_function(node["function_name"], self._steady | _TABLE_FUNCTIONS)
        elif node.get("class") == "COLUMN_REF" and node["column_names"][-1].lower() in _NOW:
            raise Refused(f"{node['column_names'][-1]} is not the same each time")
        return ".".join(path).lower() if kind == "BASE_TABLE" else ""

    def _check_function(self, name: str, known: Collection[str]) -> None:
        if name.lower() not in known:
            raise Refused(f"{name} cannot be asked here: no function, a file, or not the same each time")

    def value(self, query: str) -> Value:
        """What a query gives: one row of one column.

        Raises:
            Refused: it gives anything else, or takes longer than QUERY_S.
        """
        done = threading.Event()
        threading.Thread(target=self._watch, args=(done,), daemon=True).start()
        self._at.execute("BEGIN TRANSACTION READ ONLY")
        try:
            rows = self._at.execute(query).fetchmany(2)
        except duckdb.InterruptException:
            raise Refused(f"takes longer than {QUERY_S} s") from None
        except (duckdb.Error, MemoryError, ValueError, OverflowError) as error:
            raise Refused(f"cannot be run: {_first_line(str(error))}") from None
        finally:
            done.set()
            self._at.execute("ROLLBACK")
        if len(rows) != 1 or len(rows[0]) != 1:
            raise Refused(f"gives {'no row' if not rows else 'more than one row, or more than one column'}")
        value = plain(rows[0][0])
        if value is None:
            raise Refused("gives no value")
        return value

    def _watch(self, done: threading.Event) -> None:
        """Seconds are of a core, so that a busy machine makes no query late; ten times as many for one that waits."""
        core, clock = time.process_time(), time.monotonic()
        while not done.wait(LOOK_S):
            taken = max(time.process_time() - core, (time.monotonic() - clock) / 10)
            if taken > STUCK_S:
                os._exit(STUCK)
            if taken > QUERY_S:
                self._at.interrupt()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0][:160]
