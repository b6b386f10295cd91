"""Which tool is taken: that which meets all needs that were written down before the trial."""

from typing import Any

import duckdb
from figures import CHANGES


def needs(case: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The one row of `needs`, by column."""
    table = case.sql("FROM needs")
    [row] = table.fetchall()
    return dict(zip(table.columns, row, strict=True))


def misses(tool: str, licence: str, allowed: set[str], need: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Each need that a tool does not meet, in words. A figure that nobody could measure meets none."""
    missed = [
        f"it is silent on *{kind}*" for kind in CHANGES if need[f"find_{kind}"] and not found[f"rings-{tool}-{kind}"]
    ]
    if need["quiet_on_season"] and found[f"rings-{tool}-season"]:
        missed.append("it rings on *season*")
    for name, bound, what in (
        ("delay", "most_delay", "rows of delay"),
        ("false", "most_false", "false alarms in 10,000 quiet rows"),
        ("bus", "most_share", "of the commits by one person"),
        ("answered", "most_days", "days to a first answer"),
    ):
        value = found[f"{name}-{tool}"]
        if value is None:
            missed.append(f"nobody can say its {what}")
        elif value > need[bound]:
            missed.append(f"{value:.3g} {what}, and at most {need[bound]:g} will do")
    if licence not in allowed:
        missed.append(f"we may not use {licence}")
    return missed


def choice(missed: dict[str, list[str]]) -> str:
    """The tool that misses nothing, or "none"."""
    return next((tool for tool, reasons in missed.items() if not reasons), "none")
