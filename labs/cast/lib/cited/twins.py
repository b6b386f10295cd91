"""Tables of a case as Parquet, and their twin: the same tables with other contents. For a lab's own tables."""

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
    return parquets({"table": columns})["table"]


def parquets(tables: Mapping[str, Mapping[str, Sequence[Any]]]) -> dict[str, bytes]:
    """Several tables, each as of `parquet`; twelve small ones cost 30 ms, and by themselves 20 ms each."""
    made = {}
    with duckdb.connect(config={"threads": 1}) as base:
        for name, columns in tables.items():
            base.register("whole", {column: np.asarray(values) for column, values in columns.items()})
            made[name] = _file(base, "FROM whole")
    return made


def twin(
    tables: Tables,
    seed: int | str,
    names: Sequence[Collection[str]] = (),
    amounts: Collection[str] = (),
    whole: Collection[str] = (),
) -> dict[str, bytes]:
    """The same tables with a third of the rows gone, times 20 to 60 minutes later, amounts times 1.3 to 1.9, and names
    changed. Tables keep at least one row.

    Args:
        tables: of a case. What a candidate handed in is checked, and written anew, before.
        seed: of the case's secrets: nobody can know its twin.
        names: groups of columns, whatever their tables, that name the same things; each name becomes another of them.
        amounts: columns of money or size, whatever their tables.
        whole: tables that keep all rows: where what a claim names could be gone, and the next best have its name.
    """
    rng = random.Random(f"twin:{seed}")
    shift, factor, salt = int(60 * rng.uniform(*MINUTES)), rng.uniform(*FACTOR), rng.getrandbits(32)
    with duckdb.connect(config={"threads": 1}) as base, tempfile.TemporaryDirectory(prefix="twin-") as folder:
        kinds: dict[str, dict[str, str]] = {}
        for table, data in tables.items():
            file = Path(folder) / "table.parquet"
            file.write_bytes(data)
            base.execute(f"CREATE TABLE {_name(table)} AS FROM read_parquet(?)", [str(file)])
            kinds[table] = {row[0]: row[1] for row in base.execute(f"DESCRIBE {_name(table)}").fetchall()}
        held: dict[str, str] = {}  # what stands in a column of that name, as SQL
        for number, group in enumerate(names):
            where = [(table, column) for table, columns in kinds.items() for column in columns if column in group]
            _rename(base, where, f"renamed {number}")
            for _, column in where:
                held[column] = (
                    f'(SELECT other FROM "renamed {number}" WHERE name = CAST(whole.{_name(column)} AS VARCHAR))'
                )
        made = {}
        for table, columns in kinds.items():
            cells = dict(held)
            for column, kind in columns.items():
                if column in amounts:
                    cells[column] = f"CAST({_name(column)} * {factor!r} AS {kind})"
                elif kind.startswith("TIMESTAMP"):
                    cells[column] = f"{_name(column)} + INTERVAL '{shift} seconds'"
            wanted = ", ".join(f"{cells.get(column, _name(column))} AS {_name(column)}" for column in columns)
            kept = "true" if table in whole else f"rowid = 0 OR hash(rowid + {salt}) % 3 <> 0"
            made[table] = _file(base, f"SELECT {wanted} FROM {_name(table)} AS whole WHERE {kept} ORDER BY rowid")
        return made


def _rename(base: duckdb.DuckDBPyConnection, where: Sequence[tuple[str, str]], to: str) -> None:
    """Make a table in which each name that stands in some columns has another one of them beside it."""
    found = " UNION ".join(
        f"SELECT DISTINCT CAST({_name(column)} AS VARCHAR) AS name FROM {_name(table)}" for table, column in where
    )
    after = "lead(name) OVER (ORDER BY name)"
    first = "nullif((SELECT min(name) FROM found), name)"
    if where:
        base.execute(
            f"CREATE TABLE {_name(to)} AS WITH found AS (SELECT name FROM ({found}) WHERE name IS NOT NULL)"
            f" SELECT name, coalesce({after}, {first}, name || '2') AS other FROM found"
        )


def _file(base: duckdb.DuckDBPyConnection, query: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="parquet-") as folder:
        file = Path(folder) / "table.parquet"
        base.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
        return file.read_bytes()


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
