"""Tries the tools: where does each ring? Every tool, with its own settings, on every stream."""

import csv
import json
from pathlib import Path

import duckdb
import windows
from river import drift

MAKES = {
    "river.drift.ADWIN": drift.ADWIN,
    "river.drift.PageHinkley": drift.PageHinkley,
    "windows.Level": windows.Level,
    "windows.Spread": windows.Spread,
}
RESULTS = Path("results.csv")

Alarm = tuple[str, str, int]  # tool, stream, at_row


def alarms(case: duckdb.DuckDBPyConnection) -> list[Alarm]:
    """All alarms of the trial. A tool that cannot be made is an error: a record without it would be no trial."""
    tools = case.sql("SELECT tool, make, settings FROM tools ORDER BY tool").fetchall()
    streams = _streams(case)
    return [
        (tool, stream, at_row)
        for tool, make, settings in tools
        for stream, readings in streams.items()
        for at_row in _heard(make, json.loads(settings), readings)
    ]


def hand_in(case: duckdb.DuckDBPyConnection, heard: list[Alarm]) -> None:
    """Writes results.csv and reads it back as the table `results`: figures stand on what was handed in."""
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["tool", "stream", "at_row"])
        rows.writerows(heard)
    columns = "{'tool': 'VARCHAR', 'stream': 'VARCHAR', 'at_row': 'BIGINT'}"
    case.execute(f"CREATE TABLE results AS FROM read_csv('{RESULTS}', header = true, columns = {columns})")


def _streams(case: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[int, float]]]:
    """Rows and values of each stream, in the order of its rows."""
    streams: dict[str, list[tuple[int, float]]] = {}
    rows = case.sql("FROM readings SELECT DISTINCT stream, at_row, value ORDER BY ALL").fetchall()
    for stream, at_row, value in rows:
        streams.setdefault(stream, []).append((at_row, value))
    return streams


def _heard(make: str, settings: dict[str, object], readings: list[tuple[int, float]]) -> list[int]:
    """The rows at which a fresh tool rings. It goes on after an alarm, and begins anew by itself."""
    tool = MAKES[make](**settings)
    rows = []
    for at_row, value in readings:
        tool.update(value)
        if tool.drift_detected:
            rows.append(at_row)
    return rows
