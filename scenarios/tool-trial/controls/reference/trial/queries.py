"""A query for each claim about a tool. They read results, and never what a vendor says."""

FIRSTS = """WITH firsts AS (SELECT kind, (SELECT min(at_row) FROM results WHERE tool = '{tool}'
    AND results.stream = streams.stream AND at_row >= changes_at
    AND at_row < changes_at + (SELECT within_rows FROM needs)) - changes_at AS delay
    FROM streams WHERE changes_at IS NOT NULL) """
KINDS = "up", "down", "gradual", "spread"

QUERIES = {
    "found-{tool}": FIRSTS + "SELECT count(delay) / count(*) FROM firsts",
    "delay-{tool}": FIRSTS + "SELECT avg(delay) FROM firsts",
    "false-{tool}": """SELECT 10000 * count(*) / (SELECT sum(coalesce(changes_at, length)) FROM streams
        WHERE kind <> 'season') FROM results JOIN streams USING (stream)
        WHERE tool = '{tool}' AND kind <> 'season' AND at_row < coalesce(changes_at, length)""",
    "bus-{tool}": """SELECT max(commits) / sum(commits) FROM (SELECT count(*) AS commits FROM commits
        WHERE tool = '{tool}' AND committed >= (SELECT today - INTERVAL 365 DAY FROM needs)
        AND author NOT LIKE '%[bot]' GROUP BY email)""",
    "answered-{tool}": """SELECT median(epoch(coalesce(first_answer, today) - opened) / 86400) FROM issues, needs
        WHERE tool = '{tool}' AND opened >= today - INTERVAL 365 DAY""",
    **{
        f"rings-{{tool}}-{kind}": FIRSTS + f"SELECT 2 * count(delay) > count(*) FROM firsts WHERE kind = '{kind}'"
        for kind in KINDS
    },
    "rings-{tool}-season": """SELECT 2 * count(DISTINCT results.stream) > count(DISTINCT streams.stream) FROM streams
        LEFT JOIN results ON results.stream = streams.stream AND tool = '{tool}' WHERE kind = 'season'""",
}


def about(tool: str) -> dict[str, str]:
    """All of one tool, on one line each."""
    return {name.format(tool=tool): " ".join(query.format(tool=tool).split()) for name, query in QUERIES.items()}
