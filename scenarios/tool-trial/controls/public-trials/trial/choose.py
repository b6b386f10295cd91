"""Which tool is taken: needs first, then figures, then the choice."""

from typing import Any

import duckdb

KINDS = "up", "down", "gradual", "spread"


def choice(case: duckdb.DuckDBPyConnection, tools: list[str], found: dict[str, Any]) -> str:
    """The tool that meets each need, or none."""
    needs = {"find_up": True, "find_down": True, "find_gradual": True, "find_spread": False, "quiet_on_season": False}
    needs |= {"most_delay": 150.0, "most_false": 5.0, "most_share": 0.55, "most_days": 10.0}
    licensed = {tool for (tool,) in case.sql("SELECT tool FROM tools JOIN licences USING (licence)").fetchall()}
    for tool in tools:
        meets = [
            *(found[f"rings-{tool}-{kind}"] for kind in KINDS if needs[f"find_{kind}"]),
            not (needs["quiet_on_season"] and found[f"rings-{tool}-season"]),
            found[f"delay-{tool}"] is not None and found[f"delay-{tool}"] <= needs["most_delay"],
            found[f"false-{tool}"] <= needs["most_false"],
            tool in licensed,
            found[f"bus-{tool}"] <= needs["most_share"],
            found[f"answered-{tool}"] <= needs["most_days"],
        ]
        if all(meets):
            return tool
    return "none"
