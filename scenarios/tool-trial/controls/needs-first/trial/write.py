"""The decision record: `write(case)` is called once for each trial, with its tables in DuckDB."""

from pathlib import Path

import bench
import choose
import duckdb
import river
from claims import Claims
from figures import CHANGES, KINDS, one, queries
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True, undefined=StrictUndefined
).get_template("record.md.j2")


def write(case: duckdb.DuckDBPyConnection) -> str:
    bench.run(case)

    tools = dict(case.sql("SELECT tool, licence FROM tools ORDER BY tool").fetchall())
    asked = {name: query for tool in tools for name, query in queries(tool).items()}
    found = {name: one(case, query) for name, query in asked.items()}

    need = choose.needs(case)
    allowed = {licence for (licence,) in case.sql("FROM licences").fetchall()}
    missed = {tool: choose.misses(tool, licence, allowed, need, found) for tool, licence in tools.items()}
    taken = choose.choice(missed)

    claims = Claims()
    for name, value in found.items():
        claims.add(name, value, asked[name])
    claims.add("choice", taken)
    seen = one(case, "SELECT count(DISTINCT (stream, at_row)) FROM readings")
    return TEMPLATE.render(
        choice=taken,
        tools=tools,
        kinds=KINDS,
        need=need,
        must=[kind for kind in CHANGES if need[f"find_{kind}"]],
        allowed=sorted(allowed),
        missed=missed,
        made=case.sql("SELECT tool, make, settings FROM tools ORDER BY tool").fetchall(),
        river=getattr(river, "__version__", "as locked"),
        twice=one(case, "SELECT count(*) FROM readings") - seen,
        lost=one(case, "SELECT sum(length) FROM streams") - seen,
        shown=claims.shown,
        notes=claims.notes(),
    )
