"""The decision record: `write(case)` is called once for each trial, with its tables in DuckDB."""

import csv
from pathlib import Path
from typing import Any

import bench
import duckdb
import figures
from choose import choice
from claims import Claims
from jinja2 import Environment, FileSystemLoader

TEMPLATE = Environment(loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True).get_template("record.md.j2")


def write(case: duckdb.DuckDBPyConnection) -> str:
    tools = dict(case.sql("SELECT tool, make FROM tools").fetchall())
    stream = bench.demo(case)
    results = {tool: bench.alarms(case, make, stream) for tool, make in tools.items()}
    with Path("results.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["tool", "stream", "at_row"])
        rows.writerows((tool, stream, at_row) for tool, heard in results.items() for at_row in heard)

    found: dict[str, Any] = {}
    for tool, heard in results.items():
        found |= figures.measured(case, tool, heard) | figures.health(case, tool)
    claims = Claims()
    taken = choice(case, [*tools], found)
    for name, value in {**found, "choice": taken}.items():
        claims.add(name, value)
    return TEMPLATE.render(tools=[*tools], choice=taken, shown=claims.shown, notes=claims.notes())
