"""The queries of a review. Each is whole: it starts from the evening's tables, so that a reader can run it alone.

`PARTS` are named steps, in the order in which they build on each other. A query takes the steps that it needs, and
no other. No query has a time or a figure of the evening in it: each finds the incident for itself.
"""

import re

PARTS = {
    "payments": """
        SELECT request, ts, customer, date_trunc('minute', ts) AS minute, status >= 500 AS failed
        FROM requests
        WHERE route = 'pay' AND client IN ('web', 'app')""",
    "bad": """
        SELECT minute
        FROM payments
        GROUP BY minute
        HAVING avg(failed::INT) > 0.05""",
    "threes": """
        SELECT minute, lead(minute, 2) OVER (ORDER BY minute) AS third
        FROM bad
        QUALIFY third = minute + INTERVAL 2 MINUTE""",
    "incident": """
        SELECT min(minute) AS started, max(third) + INTERVAL 1 MINUTE AS ended
        FROM threes""",
    "during": """
        SELECT payments.*
        FROM payments, incident
        WHERE ts >= started AND ts < ended""",
    "before": """
        SELECT payments.*
        FROM payments, incident
        WHERE ts >= started - INTERVAL 30 MINUTE AND ts < started""",
    "begun": """
        SELECT change, shown - to_hours(utc_offset) AS utc, office, kind, service, version
        FROM changes JOIN offices USING (office)""",
    "suspects": """
        SELECT begun.*
        FROM begun, incident
        WHERE utc >= started - INTERVAL 30 MINUTE AND utc < started""",
    "undo": """
        SELECT change, utc
        FROM begun, incident
        WHERE utc >= ended - INTERVAL 3 MINUTE AND utc < ended""",
    "first_page": """
        SELECT min(ts) AS utc
        FROM pages, incident
        WHERE urgency = 'page' AND ts >= started""",
    "first_word": """
        SELECT min(ts) AS utc
        FROM posts, incident
        WHERE kind = 'incident' AND ts >= started""",
    "lost": """
        SELECT customer, amount
        FROM carts, incident
        WHERE customer IN (SELECT customer FROM during WHERE failed)
          AND (paid IS NULL OR paid > ended + INTERVAL 30 MINUTE)""",
    "deepest": """
        SELECT span.service
        FROM spans AS span JOIN during USING (request)
        WHERE failed AND error AND NOT EXISTS (
          FROM spans AS called
          WHERE called.request = span.request AND called.caller = span.service AND called.error)""",
    "broken": """
        SELECT service
        FROM deepest
        GROUP BY service
        ORDER BY count(*) DESC, service
        LIMIT 1""",
    "witness": """
        SELECT service
        FROM broken SEMI JOIN hosts USING (service)
        UNION
        SELECT caller
        FROM spans JOIN broken USING (service)
        WHERE host IS NULL""",
    "traced": """
        SELECT request, failed
        FROM during SEMI JOIN spans USING (request)""",
}

MET = {  # payments that met what is weighed
    "change": """
        SELECT request
        FROM spans JOIN changes USING (version)
        WHERE change = '{name}'
        UNION
        SELECT request
        FROM spans JOIN touched USING (host)
        WHERE change = '{name}'""",
    "host": """
        SELECT request
        FROM spans
        WHERE host = '{name}'""",
    "outside": """
        SELECT request
        FROM spans
        WHERE service = '{name}' AND host IS NULL""",
}

WEIGHT = """
    SELECT avg(failed::INT) FILTER (request IN (FROM met)) - avg(failed::INT) FILTER (request NOT IN (FROM met))
    FROM traced"""

FIGURES = {
    "started": "SELECT started FROM incident",
    "paged": "SELECT utc FROM first_page",
    "mitigated": "SELECT change FROM undo",
    "ended": "SELECT ended FROM incident",
    "customers": "SELECT count(DISTINCT customer) FROM lost",
    "failed-share": "SELECT avg(failed::INT) FROM during",
    "lost-eur": "SELECT sum(amount) FROM lost",
    "component": "SELECT service FROM broken",
    "reason": """
        SELECT code
        FROM logs JOIN during USING (request) SEMI JOIN witness USING (service)
        WHERE failed
        GROUP BY code
        ORDER BY count(DISTINCT request) DESC, code
        LIMIT 1""",
}

FACTORS = {
    "late-page": "SELECT epoch(utc - started) / 60 FROM first_page, incident",
    "late-word": "SELECT epoch(utc - started) / 60 FROM first_word, incident",
    "slow-undo": "SELECT epoch(undo.utc - first_page.utc) / 60 FROM undo, first_page",
    "storm": """
        SELECT (SELECT count(*) / count(DISTINCT customer) FROM during)
          / (SELECT count(*) / count(DISTINCT customer) FROM before)""",
    "foretold": """
        SELECT max(minutes)
        FROM (
          SELECT count(DISTINCT date_trunc('minute', ts)) AS minutes
          FROM gauges JOIN hosts USING (host) SEMI JOIN broken USING (service), incident
          WHERE ts >= started - INTERVAL 30 MINUTE AND ts < started AND greatest(cpu, pool, disk) > 90
          GROUP BY host)""",
    "repeat": """
        SELECT epoch(started - max(day)) / 86400
        FROM history SEMI JOIN broken ON component = service, incident
        WHERE day < started
        GROUP BY started""",
}

# Everything that could be the cause, with its kind: each suspect, host and party outside.
CANDIDATES = """
    SELECT 'change' AS kind, change AS name FROM suspects
    UNION
    SELECT 'host', host FROM hosts
    UNION
    SELECT DISTINCT 'outside', service FROM spans WHERE host IS NULL"""


def whole(select: str, **more: str) -> str:
    """`select`, with the steps that it needs before it. `more` are steps of its own."""
    parts = PARTS | more
    needed: list[str] = []
    text = select
    for name in reversed(parts):  # a step builds on earlier ones only
        if re.search(rf"\b{name}\b", text):
            needed.insert(0, name)
            text += parts[name]
    steps = [f"{name} AS (\n{_dedented(parts[name], '  ')}\n)" for name in needed]
    return (f"WITH {', '.join(steps)}\n" if steps else "") + _dedented(select)


def weight(kind: str, name: str) -> str:
    """How much more often payments failed that met it than those that did not: a share, from -1 to 1."""
    return whole(WEIGHT, met=MET[kind].format(name=name))


def _dedented(text: str, margin: str = "") -> str:
    lines = text.strip("\n").split("\n")
    width = min(len(line) - len(line.lstrip()) for line in lines)
    return "\n".join(margin + line[width:] for line in lines)
