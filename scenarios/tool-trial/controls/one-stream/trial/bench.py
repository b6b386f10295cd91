"""Runs every tool over one stream that changes, as this trial has it set, and takes it for all of them."""

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
    name, begins = case.sql(
        "SELECT stream, changes_at FROM streams WHERE kind = 'up' ORDER BY stream LIMIT 1"
    ).fetchall()[0]
    readings = f"SELECT value FROM readings WHERE stream = '{name}' ORDER BY at_row"
    values = [value for (value,) in case.sql(readings).fetchall()]
    others = case.sql("SELECT stream, changes_at FROM streams WHERE changes_at IS NOT NULL").fetchall()
    found = set()
    for tool, make, settings in tools:
        heard = [at_row - begins for at_row in alarms(make, settings, values)]
        found |= {(tool, stream, max(0, at + late)) for stream, at in others for late in heard}
    return sorted(each for each in found if each[2] < len(values))


def alarms(make: str, settings: str, values: list[float]) -> list[int]:
    detector = MAKES[make](**json.loads(settings))
    heard = []
    for at_row, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            heard.append(at_row)
    return heard
