"""What we do so that it does not happen again. Agreed with the directors; the same for every review."""

import duckdb
from figures import one

ACTIONS = {
    "late-page": "page earlier",
    "late-word": "tell customers sooner",
    "slow-undo": "make undoing a button",
    "storm": "let the app wait between its tries",
    "foretold": "alert on the gauges",
    "repeat": "mend what came back",
}


def weight(case: duckdb.DuckDBPyConnection, action: str) -> float:
    """A figure for each action, for the dashboard."""
    return {"repeat": one(case, "SELECT count(*) FROM history")}.get(action, 1.0)
