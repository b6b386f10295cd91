"""Tables of a case as Parquet, and their twin: the same tables with other contents. Needs numpy; tables are the lab's own."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from cited.judging import Tables

MINUTES = 20, 60
FACTOR = 1.3, 1.9


def parquet(columns: Mapping[str, Sequence[Any]]) -> bytes:
    """A table as Parquet, from columns of one length. Times are `datetime`s or numpy's `datetime64`, in UTC."""
    whole = {name: np.asarray(values) for name, values in columns.items()}
    with duckdb.connect() as base:
        base.register("whole", whole)
        return _file(base, "FROM whole")


def twin(
    tables: Tables, seed: int | str, names: Sequence[Collection[str]] = (), amounts: Collection[str] = ()
) -> dict[str, bytes]:
    """The same tables with a third of the rows gone, times 20 to 60 minutes later, amounts times 1.3 to 1.9, and names
    changed. Tables keep at least one row.

    Args:
        tables: of a case. What a candidate handed in is checked, and written anew, before.
        seed: of the case's secrets: nobody can know its twin.
        names: groups of columns, whatever their tables, that name the same things; each name becomes another of them.
        amounts: columns of money or size, whatever their tables.
    """
    rng = random.Random(f"twin:{seed}")
    later, factor, salt = rng.uniform(*MINUTES), rng.uniform(*FACTOR), rng.getrandbits(32)
    with duckdb.connect() as base, tempfile.TemporaryDirectory(prefix="twin-") as folder:
        kinds: dict[str, dict[str, str]] = {}
        for table, data in tables.items():
            file = Path(folder) / "table.parquet"
            file.write_bytes(data)
            base.execute(f"CREATE TABLE {_name(table)} AS FROM read_parquet(?)", [str(file)])
            kinds[table] = {row[0]: row[1] for row in base.execute(f"DESCRIBE {_name(table)}").fetchall()}
        groups = [_rename(base, kinds, group, f"renamed {number}") for number, group in enumerate(names)]
        return {
            table: _file(base, _other(table, columns, later, factor, salt, amounts, [each for each in groups if each]))
            for table, columns in kinds.items()
        }


def _rename(base: duckdb.DuckDBPyConnection, kinds: Mapping[str, Mapping[str, str]], group: Collection[str], to: str) -> Any:
    """Make a table in which each name of a group has another one beside it."""
    where = [(table, column) for table, columns in kinds.items() for column in columns if column in group]
    if not where:
        return None
    all_names = " UNION ".join(f"SELECT CAST({_name(column)} AS VARCHAR) AS name FROM {_name(table)}" for table, column in where)
    base.execute(
        f"CREATE TABLE {_name(to)} AS WITH found AS (SELECT DISTINCT name FROM ({all_names}) WHERE name IS NOT NULL) SELECT name,"
        " coalesce(lead(name) OVER (ORDER BY name), nullif((SELECT min(name) FROM found), name), name || '2') AS other FROM found"
    )
    return to, group


def _other(
    table: str, columns: Mapping[str, str], later: float, factor: float, salt: int, amounts: Collection[str], groups: list[Any]
) -> str:
    """The query that gives a table of the twin."""
    wanted = []
    for column, kind in columns.items():
        held = _name(column)
        named = [renamed for renamed, group in groups if column in group]
        if named:
            held = f"(SELECT other FROM {_name(named[0])} WHERE name = CAST(whole.{held} AS VARCHAR))"
        elif column in amounts:
            held = f"CAST({held} * {factor!r} AS {kind})"
        elif kind.startswith("TIMESTAMP"):
            held = f"{held} + INTERVAL '{int(later * 60)} seconds'"
        wanted.append(f"{held} AS {_name(column)}")
    kept = f"rowid = 0 OR hash(rowid + {salt}) % 3 <> 0"
    return f"SELECT {', '.join(wanted)} FROM {_name(table)} AS whole WHERE {kept} ORDER BY rowid"


def _file(base: duckdb.DuckDBPyConnection, query: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="parquet-") as folder:
        file = Path(folder) / "table.parquet"
        base.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
        return file.read_bytes()


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
