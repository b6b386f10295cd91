"""The launch review: `write(case)` is called once for each launch, with its tables in DuckDB."""

from pathlib import Path

import duckdb
import figures
import risks
from claims import Claims
from jinja2 import Environment, FileSystemLoader
from stops import STOPS

TEMPLATE = Environment(loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True).get_template("review.md.j2")


def write(case: duckdb.DuckDBPyConnection) -> str:
    launch = figures.row(case, "FROM launch")
    found = figures.all_of(case, launch)
    claims = Claims()
    for name, value in found.items():
        claims.add(name, value)
    for name, query in STOPS.items():
        claims.add(name, bool(figures.one(case, query)), query)
    claims.add("decision", "go")  # product decides, we note
    noted = risks.noted(case, launch, found)
    return TEMPLATE.render(launch=launch, noted=noted, shown=claims.shown, notes=claims.notes())
