"""What is said of a tool. Each figure is a query; the record shows that query, and what it gives."""

from typing import Any

import duckdb

CHANGES = "up", "down", "gradual", "spread"
KINDS = *CHANGES, "season"

# The first alarm after each change, as rows since the change; null if there is none in time.
_FIRST = """WITH changes AS (
  SELECT s.stream, s.kind, min(r.at_row) - s.changes_at AS delay
  FROM streams s CROSS JOIN needs n
  LEFT JOIN results r ON r.stream = s.stream AND r.tool = '{tool}'
    AND r.at_row >= s.changes_at AND r.at_row < s.changes_at + n.within_rows
  WHERE s.changes_at IS NOT NULL
  GROUP BY s.stream, s.kind, s.changes_at)
"""

FOUND = _FIRST + "SELECT count(delay) / nullif(count(*), 0) FROM changes"
DELAY = _FIRST + "SELECT avg(delay) FROM changes"
RINGS = _FIRST + "SELECT count(delay) > count(*) / 2 FROM changes WHERE kind = '{kind}'"
RINGS_ON_SEASON = """SELECT count(DISTINCT r.stream) > count(DISTINCT s.stream) / 2
FROM streams s LEFT JOIN results r ON r.stream = s.stream AND r.tool = '{tool}'
WHERE s.kind = 'season'"""
FALSE = """WITH quiet AS (
  SELECT stream, coalesce(changes_at, length) AS quiet_rows FROM streams WHERE kind <> 'season')
SELECT 10000 * (
    SELECT count(*) FROM results r JOIN quiet q ON q.stream = r.stream
    WHERE r.tool = '{tool}' AND r.at_row < q.quiet_rows
  ) / nullif(sum(quiet_rows), 0)
FROM quiet"""
# A machine is no person, and one person may commit under several names: the address says who it is.
BUS = """WITH people AS (
  SELECT lower(c.email) AS person, count(*) AS commits
  FROM commits c CROSS JOIN needs n
  WHERE c.tool = '{tool}' AND c.author NOT LIKE '%[bot]'
    AND c.committed >= n.today - INTERVAL 365 DAY AND c.committed <= n.today
  GROUP BY person)
SELECT max(commits) / sum(commits) FROM people"""
# Who still waits counts too: without them the project that answers only easy questions looks quick.
ANSWERED = """SELECT median(epoch(coalesce(i.first_answer, n.today) - i.opened) / 86400)
FROM issues i CROSS JOIN needs n
WHERE i.tool = '{tool}'
  AND i.opened >= n.today - INTERVAL 365 DAY AND i.opened <= n.today"""
VENDOR = "SELECT found FROM vendor WHERE tool = '{tool}'"


def queries(tool: str) -> dict[str, str]:
    """Each claim about a tool, and the query that proves it."""
    named = {
        f"found-{tool}": FOUND,
        f"delay-{tool}": DELAY,
        f"false-{tool}": FALSE,
        f"bus-{tool}": BUS,
        f"answered-{tool}": ANSWERED,
        f"vendor-{tool}": VENDOR,
    }
    asked = {name: _filled(query, tool) for name, query in named.items()}
    for kind in KINDS:
        query = RINGS_ON_SEASON if kind == "season" else RINGS
        asked[f"rings-{tool}-{kind}"] = _filled(query, tool, kind)
    return asked


def one(case: duckdb.DuckDBPyConnection, query: str) -> Any:
    """What a query gives: one row of one column."""
    [(value,)] = case.sql(query).fetchall()
    return value


def _filled(query: str, tool: str, kind: str = "") -> str:
    return query.format(tool=tool.replace("'", "''"), kind=kind)
