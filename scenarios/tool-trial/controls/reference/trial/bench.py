"""Runs every tool over every stream, as this trial has it set."""

import json

import duckdb
import windows
from river import drift

MAKES = {
    "river.drift.ADWIN": drift.ADWIN,
    "river.drift.PageHinkley": drift.PageHinkley,
    "windows.Level": windows.Level,
    "windows.Spread": windows.Spread,
}
Alarm = tuple[str, str, int]


def results(case: duckdb.DuckDBPyConnection) -> list[Alarm]:
    tools = case.sql("SELECT tool, make, settings FROM tools").fetchall()
    readings = "SELECT stream, list(value ORDER BY at_row) FROM readings GROUP BY stream ORDER BY stream"
    streams = case.sql(readings).fetchall()
    return [
        (tool, stream, at_row)
        for tool, make, settings in tools
        for stream, values in streams
        for at_row in alarms(make, settings, values)
    ]


def alarms(make: str, settings: str, values: list[float]) -> list[int]:
    detector = MAKES[make](**json.loads(settings))
    heard = []
    for at_row, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            heard.append(at_row)
    return heard
