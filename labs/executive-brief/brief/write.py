"""Writes the brief on a month: `write(case)` is what the desk calls, with the month's tables in DuckDB."""

from pathlib import Path

import duckdb
from jinja2 import Environment

HERE = Path(__file__).parent
MONTH = 30 * 24 * 60  # minutes


def ask(case: duckdb.DuckDBPyConnection, name: str):
    """What a query of ours gives."""
    return case.sql((HERE / "queries" / f"{name}.sql").read_text()).fetchall()


def one(case: duckdb.DuckDBPyConnection, name: str):
    return ask(case, name)[0][0]


def write(case: duckdb.DuckDBPyConnection) -> str:
    outages = ask(case, "outages")
    proposals = ask(case, "proposals")
    dearest = max(proposals, key=lambda row: row[2])
    page = Environment(trim_blocks=True).from_string((HERE / "page.md").read_text())
    return page.render(
        outages=outages,
        down=sum(row[2] for row in outages),
        uptime=100 - 100 * sum(row[2] for row in outages) / MONTH,
        components=ask(case, "components"),
        teams=ask(case, "teams"),
        regions=ask(case, "regions"),
        lost=round(one(case, "lost")),
        query=(HERE / "queries" / "lost.sql").read_text().strip(),
        worst=max(outages, key=lambda row: row[2])[0],
        left=one(case, "left"),
        hours=one(case, "hours"),
        slower=one(case, "slower"),
        proposals=proposals,
        dearest=dearest,
    )
