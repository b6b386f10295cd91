"""Which tool is taken."""

from typing import Any

import duckdb

FITTED = "Level", "PageHinkley", "ADWIN", "Spread"
"""Makes, by how often they fitted in the public trials."""


def choice(case: duckdb.DuckDBPyConnection, tools: list[str], found: dict[str, Any]) -> str:
    makes = dict(case.sql("SELECT tool, make FROM tools").fetchall())
    return min(tools, key=lambda tool: FITTED.index(makes[tool].rpartition(".")[2]))
