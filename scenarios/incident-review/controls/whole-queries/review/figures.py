"""The figures of a review, each taken by the very query that stands in its footnote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import proofs


@dataclass(frozen=True)
class Figure:
    value: Any  # None where the evening has nothing to tell it by
    query: str = ""  # or a formula over other claims, from "=" on


@dataclass(frozen=True)
class Suspect:
    """A change begun in the half hour before the start. `utc` is when; `weight` a share, from -1 to 1."""

    change: str
    utc: datetime
    office: str
    kind: str
    service: str
    weight: Figure


def taken(case: duckdb.DuckDBPyConnection, query: str) -> Figure:
    """What a query gives: one column of at most one row."""
    rows = case.sql(query).fetchall()
    return Figure(rows[0][0] if rows else None, query)


def facts(case: duckdb.DuckDBPyConnection) -> dict[str, Figure]:
    """When it was, who was hurt and where it broke."""
    return {name: taken(case, proofs.whole(select)) for name, select in proofs.FIGURES.items()}


def suspects(case: duckdb.DuckDBPyConnection) -> list[Suspect]:
    """Each change begun in the half hour before the start, in the order of time."""
    select = "SELECT change, utc, office, kind, service FROM suspects ORDER BY utc, change"
    return [
        Suspect(*row, weight=taken(case, proofs.weight("change", row[0])))
        for row in case.sql(proofs.whole(select)).fetchall()
    ]


def meanwhile(case: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Each change begun during the incident, in the order of time; `ended_it` marks the one that did."""
    select = """
        SELECT change, utc, kind, service, change IN (SELECT change FROM undo) AS ended_it
        FROM begun, incident
        WHERE utc >= started AND utc < ended
        ORDER BY utc, change"""
    names = ("change", "utc", "kind", "service", "ended_it")
    return [dict(zip(names, row, strict=True)) for row in case.sql(proofs.whole(select)).fetchall()]


def cause(case: duckdb.DuckDBPyConnection) -> tuple[str, str, Figure]:
    """What weighs most, as kind, name and weight. A change goes before the one host that it reached."""
    found = [
        (kind, name, taken(case, proofs.weight(kind, name)))
        for kind, name in case.sql(proofs.whole(proofs.CANDIDATES)).fetchall()
    ]
    weighed = [each for each in found if each[2].value is not None]
    return max(weighed, key=lambda each: (round(each[2].value, 9), each[0] == "change", each[1]))
