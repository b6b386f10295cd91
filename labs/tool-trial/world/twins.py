"""The tables that claims are asked of, and their twin, on which every figure is another one."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
from cited.twins import parquets
from drawing import Columns
from figures import Alarm, healthy, measured
from trials import Made

READ = "needs", "tools", "licences", "streams", "commits", "issues", "releases", "vendor"
"""All but the readings, which nobody needs who has results."""
NAMED = "tool", "author", "email"
TRIES = 8
SPARED_BELOW = 20


def pair(made: Made, handed: Sequence[Alarm], rng: Random) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Both as Parquet."""
    tables = {name: made.tables[name] for name in READ} | {"results": columns(handed)}
    right = measured(made.tools, made.tables["streams"], handed) | healthy(made.tools, made.tables)
    other: dict[str, Columns] = {}
    for _ in range(TRIES):
        other = _other(tables, made.tools, rng)
        rows = [(tool, stream, int(row)) for tool, stream, row in zip(*other["results"].values(), strict=True)]
        there = measured(made.tools, other["streams"], rows) | healthy(made.tools, other)
        if all(_spared(value) or value != there[name] for name, value in right.items()):
            break
    both = parquets({f"{side} {name}": each[name] for side, each in (("a", tables), ("b", other)) for name in each})
    return {name: both[f"a {name}"] for name in tables}, {name: both[f"b {name}"] for name in tables}


def columns(handed: Sequence[Alarm]) -> Columns:
    """Results as a table."""
    return {
        "tool": np.array([tool for tool, _, _ in handed], dtype=object if handed else "U1"),
        "stream": np.array([stream for _, stream, _ in handed], dtype=object if handed else "U1"),
        "at_row": np.array([row for _, _, row in handed], dtype=np.int32),
    }


def _spared(value: Any) -> bool:
    return value is None or isinstance(value, bool) or value in range(SPARED_BELOW)


def _other(tables: dict[str, Columns], tools: Sequence[str], rng: Random) -> dict[str, Columns]:
    """A third of the rows gone (but of needs and tools), tools, authors and addresses called by each other's names."""
    named = dict(zip(tools, [*tools[1:], tools[0]], strict=True))
    authors = sorted({*tables["commits"]["author"]})
    named |= dict(zip(authors, [*authors[1:], authors[0]], strict=True))
    emails = sorted({*tables["commits"]["email"]})
    named |= dict(zip(emails, [*emails[1:], emails[0]], strict=True))
    made: dict[str, Columns] = {}
    for name, table in tables.items():
        rows = len(next(iter(table.values())))
        kept = [at for at in range(rows) if at == 0 or name in ("needs", "tools") or rng.random() > 1 / 3]
        made[name] = {
            column: [named.get(values[at], values[at]) if column in NAMED else values[at] for at in kept]
            for column, values in table.items()
        }
    made["results"] = columns([*zip(*made["results"].values(), strict=True)] if rows else [])
    return made
