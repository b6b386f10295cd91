"""The figures of a review, from the evening's tables."""

from typing import Any

import duckdb


def one(case: duckdb.DuckDBPyConnection, query: str) -> Any:
    """What a query gives: one row of one column."""
    return case.sql(query).fetchall()[0][0]


def all_of(case: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    paged = one(case, "SELECT min(ts) FROM pages WHERE urgency = 'page'")
    ended = one(case, "SELECT max(ts) FROM requests WHERE status >= 500")
    during = f"ts BETWEEN '{paged}' AND '{ended}'"
    newest = f"SELECT change FROM changes ORDER BY shown < '{paged}' DESC, shown DESC LIMIT 1"
    undone = f"SELECT change FROM changes ORDER BY shown < '{ended}' DESC, shown DESC LIMIT 1"
    return {
        "started": paged,
        "paged": paged,
        "mitigated": one(case, undone),
        "ended": ended,
        "customers": one(case, f"SELECT count(DISTINCT customer) FROM requests WHERE status >= 400 AND {during}"),
        "failed-share": one(case, f"SELECT avg((status >= 400)::INT) FROM requests WHERE {during}"),
        "lost-eur": one(case, "SELECT sum(amount) FROM carts WHERE paid IS NULL"),
        "component": loudest(case, "service"),
        "reason": loudest(case, "code"),
        "cause": f"change:{one(case, newest)}",
    }


def loudest(case: duckdb.DuckDBPyConnection, column: str) -> str:
    """What stands in most errors of the evening."""
    return one(case, f"SELECT {column} FROM logs WHERE level = 'error' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
