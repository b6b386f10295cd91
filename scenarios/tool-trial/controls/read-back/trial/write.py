"""The decision record: `write(case)` is called once for each trial, with its tables in DuckDB."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bench
import choose
import duckdb
import figures
from claims import Claims
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True, undefined=StrictUndefined
).get_template("record.md.j2")


def write(case: duckdb.DuckDBPyConnection) -> str:
    """Runs the trial, hands in its alarms, and returns the record that stands on them."""
    bench.hand_in(case, bench.alarms(case))
    tools = {row["tool"]: row for row in _rows(case, "FROM tools LEFT JOIN vendor USING (tool) ORDER BY tool")}
    licences = [row["licence"] for row in _rows(case, "FROM licences ORDER BY licence")]
    (needs,) = _rows(case, "FROM needs")

    claims = Claims(case)
    for tool in tools:
        for name, query in figures.queries(tool).items():
            claims.ask(name, query)
    unmet = {tool: choose.missed(tool, needs, claims.values, it["licence"] in licences) for tool, it in tools.items()}
    taken = choose.choice(unmet)
    claims.say("choice", taken)
    return TEMPLATE.render(
        choice=taken,
        needs=needs,
        find=[kind for kind in figures.CHANGES if needs[f"find_{kind}"]],
        tools=tools,
        licences=licences,
        unmet=unmet,
        kinds=figures.KINDS,
        limits={tool: _limits(tool, claims.values) for tool in tools},
        shown=claims.shown,
        notes=claims.notes(),
    )


def _limits(tool: str, values: Mapping[str, Any]) -> list[str]:
    """What a tool is silent on, and whether it takes a season for a change."""
    silent = [f"is silent on {kind}" for kind in figures.CHANGES if not values[f"rings-{tool}-{kind}"]]
    return [*silent, "rings on season"] if values[f"rings-{tool}-season"] else silent


def _rows(case: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    answer = case.sql(query)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
