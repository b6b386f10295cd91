"""The decision record: `write(case)` is called once for each trial, with its tables in DuckDB."""

import csv
from pathlib import Path
from typing import Any

import bench
import duckdb
import queries
from choose import choice
from claims import Claims
from jinja2 import Environment, FileSystemLoader

TEMPLATE = Environment(loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True).get_template("record.md.j2")


def write(case: duckdb.DuckDBPyConnection) -> str:
    tools = [tool for (tool,) in case.sql("SELECT tool FROM tools").fetchall()]
    keep(case, bench.results(case))
    asked = {name: query for tool in tools for name, query in queries.about(tool).items()}
    found: dict[str, Any] = {name: case.sql(query).fetchall()[0][0] for name, query in asked.items()}
    taken = choice(case, tools, found)
    claims = Claims()
    for name, value in found.items():
        if value is None:
            continue  # a tool that finds nothing has no delay
        claims.add(name, value, asked[name])
    claims.add("choice", taken)
    return TEMPLATE.render(tools=tools, choice=taken, shown=claims.shown, notes=claims.notes())


def keep(case: duckdb.DuckDBPyConnection, results: list[bench.Alarm]) -> None:
    """Hand the results in, and have them as a table too."""
    with Path("results.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["tool", "stream", "at_row"])
        rows.writerows(results)
    case.execute(
        "CREATE TABLE results AS FROM read_csv('results.csv', types = {'tool': 'VARCHAR', 'stream': 'VARCHAR'})"
    )
