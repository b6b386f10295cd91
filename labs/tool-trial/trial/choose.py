"""Which tool is taken."""

from typing import Any

import duckdb

MEAN = 0.5


def choice(case: duckdb.DuckDBPyConnection, tools: list[str], found: dict[str, Any]) -> str:
    """The one that was released last, of those that find most kinds on average."""
    good = [tool for tool in tools if found[f"found-{tool}"] > MEAN]
    newest = "SELECT tool FROM releases GROUP BY tool ORDER BY max(released) DESC"
    return next((tool for (tool,) in case.sql(newest).fetchall() if tool in good), "none")
