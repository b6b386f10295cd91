"""Runs tools that it knows as letters only, over streams in any order."""

import importlib
import json
import random
import string

import duckdb
import pandas as pd

Alarm = tuple[str, str, int]


def results(case: duckdb.DuckDBPyConnection) -> list[Alarm]:
    tools = case.sql("FROM tools").df().sample(frac=1)
    letters = dict(zip(string.ascii_uppercase, tools["tool"], strict=False))
    made = dict(zip(string.ascii_uppercase, zip(tools["make"], tools["settings"], strict=True), strict=False))
    streams = [*case.sql("FROM readings").df().drop_duplicates().sort_values("at_row").groupby("stream")]
    random.shuffle(streams)
    found = [
        {"letter": letter, "stream": stream, "at_row": at_row}
        for stream, rows in streams
        for letter, (make, settings) in made.items()
        for at_row in rings(make, settings, rows)
    ]
    table = pd.DataFrame(found, columns=["letter", "stream", "at_row"])
    table["tool"] = table["letter"].map(letters)
    return [*table[["tool", "stream", "at_row"]].itertuples(index=False, name=None)]


def rings(make: str, settings: str, rows: pd.DataFrame) -> list[int]:
    module, _, name = make.rpartition(".")
    detector = getattr(importlib.import_module(module), name)(**json.loads(settings))

    def heard(value: float) -> bool:
        detector.update(value)
        return bool(detector.drift_detected)

    return rows["at_row"][rows["value"].map(heard)].tolist()
