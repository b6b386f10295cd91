"""Tries a tool: where does it ring?"""

import duckdb
import windows
from river import drift

MAKES = {
    "river.drift.ADWIN": drift.ADWIN,
    "river.drift.PageHinkley": drift.PageHinkley,
    "windows.Level": windows.Level,
    "windows.Spread": windows.Spread,
}


def demo(case: duckdb.DuckDBPyConnection) -> str:
    """One stream is as good as another, and this one changes."""
    return case.sql("SELECT stream FROM streams WHERE kind = 'up' ORDER BY stream LIMIT 1").fetchall()[0][0]


def alarms(case: duckdb.DuckDBPyConnection, make: str, stream: str) -> list[int]:
    tool = MAKES[make]()  # as in its manual
    rows = case.sql(f"SELECT at_row, value FROM readings WHERE stream = '{stream}' ORDER BY at_row").fetchall()
    heard = []
    for at_row, value in rows:
        tool.update(value)
        if tool.drift_detected:
            heard.append(at_row)
    return heard
