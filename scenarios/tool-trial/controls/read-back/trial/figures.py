"""What is said of a tool, and how it is known: a query for each claim.

The query *is* the figure. What the record shows is what it gives, so a figure and its proof cannot part.
"""

CHANGES = "up", "down", "gradual", "spread"
KINDS = (*CHANGES, "season")

# for each stream that changes: the first alarm that counts as finding it, or null
_FIRST = """\
WITH changed AS (
  SELECT s.kind, s.changes_at, min(r.at_row) AS rang_at
  FROM streams s CROSS JOIN needs n
  LEFT JOIN results r ON r.tool = {tool} AND r.stream = s.stream
    AND r.at_row >= s.changes_at AND r.at_row < s.changes_at + n.within_rows
  WHERE s.changes_at IS NOT NULL
  GROUP BY s.stream, s.kind, s.changes_at
)
"""

_FOUND = _FIRST + "SELECT count(rang_at) / count(*) FROM changed"
_DELAY = _FIRST + "SELECT avg(rang_at - changes_at) FROM changed"
_RINGS = _FIRST + "SELECT 2 * count(rang_at) > count(*) FROM changed WHERE kind = '{kind}'"

_RINGS_ON_SEASON = """\
SELECT 2 * count(r.stream) > count(*)
FROM streams s LEFT JOIN (SELECT DISTINCT stream FROM results WHERE tool = {tool}) r USING (stream)
WHERE s.kind = 'season'"""

_FALSE = """\
WITH calm AS (
  SELECT stream, coalesce(changes_at, length) AS quiet_rows FROM streams WHERE kind != 'season'
)
SELECT 10000 * (
  SELECT count(*) FROM results r JOIN calm USING (stream) WHERE r.tool = {tool} AND r.at_row < quiet_rows
) / sum(quiet_rows) FROM calm"""

_BUS = """\
WITH authors AS (
  SELECT c.email, count(*) AS of_author
  FROM commits c CROSS JOIN needs n
  WHERE c.tool = {tool} AND NOT ends_with(c.author, '[bot]')
    AND c.committed >= n.today - INTERVAL 365 DAY AND c.committed < n.today
  GROUP BY c.email
)
SELECT max(of_author) / sum(of_author) FROM authors"""

_ANSWERED = """\
SELECT median((epoch(coalesce(i.first_answer, n.today)) - epoch(i.opened)) / 86400)
FROM issues i CROSS JOIN needs n
WHERE i.tool = {tool} AND i.opened >= n.today - INTERVAL 365 DAY AND i.opened < n.today"""


def queries(tool: str) -> dict[str, str]:
    """The claims of a tool, each with its query."""
    name = "'" + tool.replace("'", "''") + "'"
    return {
        f"found-{tool}": _FOUND.format(tool=name),
        f"delay-{tool}": _DELAY.format(tool=name),
        f"false-{tool}": _FALSE.format(tool=name),
        **{f"rings-{tool}-{kind}": _RINGS.format(tool=name, kind=kind) for kind in CHANGES},
        f"rings-{tool}-season": _RINGS_ON_SEASON.format(tool=name),
        f"bus-{tool}": _BUS.format(tool=name),
        f"answered-{tool}": _ANSWERED.format(tool=name),
    }
