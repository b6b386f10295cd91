"""The incident review: `write(case)` is called once for each incident, with its tables in DuckDB."""

from pathlib import Path

import duckdb
import figures
from actions import ACTIONS, weight
from claims import Claims
from jinja2 import Environment, FileSystemLoader

TEMPLATE = Environment(loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True).get_template("review.md.j2")


def write(case: duckdb.DuckDBPyConnection) -> str:
    claims = Claims()
    for name, value in figures.all_of(case).items():
        claims.add(name, value)  # TODO queries: they are in figures.py
    for action in ACTIONS:
        claims.add(f"action-{action}", weight(case, action))
    return TEMPLATE.render(shown=claims.shown, actions=ACTIONS, notes=claims.notes())
