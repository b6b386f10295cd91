"""What each figure of a review is, in SQL: each is written once here, run once, and printed with the review.

A query is a SELECT over named steps. `query` puts those steps in front of it that it needs, and no others, so that a
reader can paste any footnote into DuckDB and gets that figure from the tables of the evening alone.
"""

import re

STEPS = {
    # every try of a customer to pay; monitors and bots buy nothing
    "payments": """SELECT request, ts, customer, (status >= 500)::INT AS failed
        FROM requests WHERE route = 'pay' AND client IN ('web', 'app')""",
    "bad": """SELECT date_trunc('minute', ts) AS minute
        FROM payments GROUP BY 1 HAVING avg(failed) > 0.05""",
    # the firsts of three bad minutes in a row: a bad minute or two alone are no incident, a lull does not end one
    "triples": """SELECT minute
        FROM bad
        WHERE minute + INTERVAL '1 minute' IN (SELECT minute FROM bad)
        AND minute + INTERVAL '2 minutes' IN (SELECT minute FROM bad)""",
    "incident": """SELECT min(minute) AS started, max(minute) + INTERVAL '3 minutes' AS ended
        FROM triples""",
    "during": """SELECT request, customer, failed
        FROM payments, incident WHERE ts >= started AND ts < ended""",
    "before": """SELECT request, customer
        FROM payments, incident WHERE ts >= started - INTERVAL '30 minutes' AND ts < started""",
    "hurt": """SELECT customer, amount
        FROM carts, incident
        WHERE customer IN (SELECT customer FROM during WHERE failed = 1)
        AND (paid IS NULL OR paid > ended + INTERVAL '30 minutes')""",
    "first_page": """SELECT min(ts) AS paged
        FROM pages, incident WHERE urgency = 'page' AND ts >= started""",
    "first_word": """SELECT min(ts) AS told
        FROM posts, incident WHERE kind = 'incident' AND ts >= started""",
    # the clock of an office is ahead of UTC by its offset
    "begun_utc": """SELECT change, version, shown - to_seconds(3600 * utc_offset) AS begun
        FROM changes JOIN offices USING (office)""",
    "undo": """SELECT change, begun
        FROM begun_utc, incident WHERE begun >= ended - INTERVAL '3 minutes' AND begun < ended
        ORDER BY begun DESC LIMIT 1""",
    "suspects": """SELECT change, version, begun
        FROM begun_utc, incident WHERE begun >= started - INTERVAL '30 minutes' AND begun < started""",
    # where failed payments broke: errors that no error further down explains
    "broke": """SELECT s.service, s.caller, s.host
        FROM spans s JOIN during USING (request)
        WHERE failed = 1 AND s.error AND NOT EXISTS (
        SELECT 1 FROM spans c WHERE c.request = s.request AND c.caller = s.service AND c.error)""",
    "culprit": """SELECT service AS component
        FROM broke GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1""",
    # a party outside has no hosts and logs nothing: then whoever called it did
    "loggers": """SELECT service FROM hosts JOIN culprit ON service = component
        UNION SELECT caller FROM broke JOIN culprit ON service = component WHERE host IS NULL""",
    "traced": """SELECT request, failed
        FROM during WHERE request IN (SELECT request FROM spans)""",
    # which payment met whom: each suspect, each host, each party outside
    "meetings": """SELECT 'change:' || change AS whom, request FROM suspects JOIN spans USING (version)
        UNION SELECT 'change:' || change, request
        FROM suspects JOIN touched USING (change) JOIN spans USING (host)
        UNION SELECT 'host:' || host, request FROM spans WHERE host IS NOT NULL
        UNION SELECT 'outside:' || service, request FROM spans WHERE host IS NULL""",
    "everyone": """SELECT count(*) AS paying, sum(failed) AS failing
        FROM traced""",
    "weights": """SELECT whom, sum(failed) / count(*)
        - (any_value(failing) - sum(failed)) / nullif(any_value(paying) - count(*), 0) AS weight
        FROM meetings JOIN traced USING (request), everyone GROUP BY whom""",
}
USES = {name: [other for other in STEPS if re.search(rf"\b{other}\b", text)] for name, text in STEPS.items()}

FIGURES = {
    "started": "SELECT started FROM incident",
    "paged": "SELECT paged FROM first_page",
    "told": "SELECT told FROM first_word",
    "mitigated": "SELECT change FROM undo",
    "undone": "SELECT begun FROM undo",
    "ended": "SELECT ended FROM incident",
    "in-vain": """SELECT count(*) FROM begun_utc, incident
        WHERE begun >= started AND begun < ended AND change <> (SELECT change FROM undo)""",
    "customers": "SELECT count(DISTINCT customer) FROM hurt",
    "failed-share": "SELECT avg(failed) FROM during",
    "lost-eur": "SELECT sum(amount) FROM hurt",
    "component": "SELECT component FROM culprit",
    "reason": """SELECT code FROM logs JOIN during USING (request)
        WHERE failed = 1 AND service IN (SELECT service FROM loggers)
        GROUP BY code ORDER BY count(DISTINCT request) DESC, code LIMIT 1""",
    # on a tie (a change that reached one host) it is the change
    "cause": """SELECT whom FROM weights WHERE weight IS NOT NULL
        ORDER BY round(weight, 9) DESC, whom LIKE 'change:%' DESC, whom LIMIT 1""",
    "weighed-cause": "SELECT max(weight) FROM weights",
}

FACTORS = {
    "late-page": "SELECT (epoch(paged) - epoch(started)) / 60 FROM first_page, incident",
    "late-word": "SELECT (epoch(told) - epoch(started)) / 60 FROM first_word, incident",
    "slow-undo": "SELECT (epoch(begun) - epoch(paged)) / 60 FROM undo, first_page",
    "storm": """SELECT (SELECT count(*) / count(DISTINCT customer) FROM during)
        / (SELECT count(*) / count(DISTINCT customer) FROM before)""",
    "foretold": """SELECT count(DISTINCT ts) AS minutes FROM gauges JOIN hosts USING (host), incident
        WHERE service = (SELECT component FROM culprit)
        AND ts >= started - INTERVAL '30 minutes' AND ts < started AND greatest(cpu, pool, disk) > 90
        GROUP BY host ORDER BY minutes DESC LIMIT 1""",
    "repeat": """SELECT (epoch(any_value(started)) - epoch(max(day))) / 86400 FROM history, incident
        WHERE component = (SELECT component FROM culprit) AND day < started""",
}

SUSPECTS = "SELECT change FROM suspects ORDER BY begun, change"


def query(select: str, **more: str) -> str:
    """`select` with the steps before it that it needs; `more` are steps of its own."""
    need = {name for name in STEPS for text in (select, *more.values()) if re.search(rf"\b{name}\b", text)}
    while more_needed := {used for name in need for used in USES[name]} - need:
        need |= more_needed
    steps = {name: text for name, text in STEPS.items() if name in need} | more
    head = ",\n".join(f"{name} AS (\n  {_dedent(text)})" for name, text in steps.items())
    return f"WITH {head}\n{_dedent(select)}" if steps else _dedent(select)


def weight(change: str) -> str:
    """How much more often payments failed that met this change than those that did not."""
    return query(
        """SELECT avg(failed) FILTER (WHERE met) - avg(failed) FILTER (WHERE NOT met)
        FROM (SELECT failed, request IN (SELECT request FROM meeting) AS met FROM traced)""",
        meeting=meeting(f"change:{change}"),
    )


def alone(change: str, cause: str) -> str:
    """Of payments that met this change and not the cause, the share that failed."""
    return query(
        """SELECT avg(failed) FROM traced
        WHERE request IN (SELECT request FROM meeting) AND request NOT IN (SELECT request FROM met_cause)""",
        meeting=meeting(f"change:{change}"),
        met_cause=meeting(cause),
    )


def begun(change: str) -> str:
    """When a change was begun, in UTC."""
    return query(f"SELECT begun FROM begun_utc WHERE change = {text(change)}")


def meeting(whom: str) -> str:
    """The requests that met a change, a host or a party outside."""
    kind, _, name = whom.partition(":")
    if kind == "host":
        return f"SELECT request FROM spans WHERE host = {text(name)}"
    if kind == "outside":
        return f"SELECT request FROM spans WHERE service = {text(name)}"
    return f"""SELECT request FROM spans
        WHERE version IN (SELECT version FROM changes WHERE change = {text(name)})
        OR host IN (SELECT host FROM touched WHERE change = {text(name)})"""


def text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _dedent(sql: str) -> str:
    return "\n  ".join(line.strip() for line in sql.strip().splitlines())
