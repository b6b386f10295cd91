"""The six figures of a review, from the launch's tables."""

from typing import Any

import duckdb


def one(case: duckdb.DuckDBPyConnection, query: str) -> Any:
    """What a query gives: one row of one column."""
    return case.sql(query).fetchall()[0][0]


def row(case: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """The only row of a query, by column."""
    asked = case.sql(query)
    return dict(zip(asked.columns, asked.fetchall()[0], strict=True))


def all_of(case: duckdb.DuckDBPyConnection, launch: dict[str, Any]) -> dict[str, Any]:
    off = launch["off_minutes"]
    wrong = f"avg((new_off > {off})::INT) - avg((old_off > {off})::INT)"
    worst = f"SELECT segment, {wrong} AS delta FROM shadow GROUP BY segment ORDER BY delta DESC LIMIT 1"
    segment, delta = case.sql(worst).fetchall()[0]
    return {
        "sustained-rps": sustained_rps(case, launch),
        "peak-rps": peak_rps(case),
        "quality-delta": one(case, f"SELECT {wrong} FROM shadow"),
        "worst-segment": segment,
        "worst-delta": delta,
        "cost-per-1000": cost(case, launch),
    }


def sustained_rps(case: duckdb.DuckDBPyConnection, launch: dict[str, Any]) -> float:
    """The best step of the load test."""
    best = "SELECT max(rps) FROM (SELECT step, sum(requests - errors) / count(*) AS rps FROM load_test GROUP BY step)"
    return one(case, best) * launch["replicas"] / one(case, "SELECT max(replicas) FROM load_test")


def peak_rps(case: duckdb.DuckDBPyConnection) -> float:
    """The top of an average day."""
    slot = "SELECT avg(requests) AS requests FROM traffic GROUP BY hour(begun), minute(begun)"
    return one(case, f"SELECT max(requests) / 300 FROM ({slot})")


def cost(case: duckdb.DuckDBPyConnection, launch: dict[str, Any]) -> float:
    return one(case, f"SELECT 1000 * sum(eur) / sum(requests) FROM costs WHERE model = '{launch['model']}'")
