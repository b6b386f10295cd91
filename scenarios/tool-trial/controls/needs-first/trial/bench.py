"""Tries the tools: each with its own settings, on every stream, reading by reading."""

import csv
import json
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import windows
from river import drift

MAKES = {
    "river.drift.ADWIN": drift.ADWIN,
    "river.drift.PageHinkley": drift.PageHinkley,
    "windows.Level": windows.Level,
    "windows.Spread": windows.Spread,
}
RESULTS = "results.csv"


class Alarm(NamedTuple):
    tool: str
    stream: str
    at_row: int


def streams(case: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[int, float]]]:
    """The readings of each stream by row. They come late, and some come twice; a tool must see each once, in order."""
    rows = case.sql(
        "SELECT stream, at_row, first(value) FROM readings GROUP BY stream, at_row ORDER BY stream, at_row"
    ).fetchall()
    return {stream: [row[1:] for row in came] for stream, came in groupby(rows, itemgetter(0))}


def alarms(make: str, settings: dict[str, Any], readings: list[tuple[int, float]]) -> list[int]:
    """The rows of one stream at which a new tool rings."""
    tool = MAKES[make](**settings)
    heard = []
    for at_row, value in readings:
        tool.update(value)
        if tool.drift_detected:
            heard.append(at_row)
    return heard


def run(case: duckdb.DuckDBPyConnection) -> None:
    """Every tool on every stream: writes results.csv, and reads it back as the table `results`.

    What the record says is asked of that file, not of what is in memory: so nobody needs our code to check it.
    """
    seen = streams(case)
    tools = case.sql("SELECT tool, make, settings FROM tools").fetchall()
    heard = [
        Alarm(tool, stream, at_row)
        for tool, make, settings in tools
        for stream, readings in seen.items()
        for at_row in alarms(make, json.loads(settings), readings)
    ]
    with Path(RESULTS).open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(Alarm._fields)
        rows.writerows(heard)
    types = "{'tool': 'VARCHAR', 'stream': 'VARCHAR', 'at_row': 'INTEGER'}"
    case.execute(f"CREATE OR REPLACE TABLE results AS FROM read_csv('{RESULTS}', header = true, columns = {types})")
