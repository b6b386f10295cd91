"""A query for each figure of a review, put together from named parts; and what they are asked of."""

import re

PARTS = {
    # payments of people, and the minutes in which they failed
    "paying": "SELECT *, status >= 500 AS failed FROM requests WHERE route = 'pay' AND client IN ('web', 'app')",
    "minutes": "SELECT date_trunc('minute', ts) AS minute, avg(failed::INT) > 0.05 AS bad FROM paying GROUP BY 1",
    "runs": """SELECT minute FROM (SELECT minute, bad, lead(bad) OVER w AS next, lead(bad, 2) OVER w AS third
        FROM minutes WINDOW w AS (ORDER BY minute)) WHERE bad AND next AND third""",
    "time": "SELECT min(minute) AS started, max(minute) + INTERVAL 3 MINUTE AS ended FROM runs",
    "during": "SELECT paying.* FROM paying, time WHERE ts >= started AND ts < ended",
    "hurt": "SELECT DISTINCT customer FROM during WHERE failed",
    "gone": """SELECT customer, amount FROM carts JOIN hurt USING (customer), time
        WHERE paid IS NULL OR paid > ended + INTERVAL 30 MINUTE""",
    # changes by UTC
    "utc": "SELECT changes.*, shown - utc_offset * INTERVAL 1 HOUR AS begun FROM changes JOIN offices USING (office)",
    "suspects": """SELECT utc.* FROM utc, time
        WHERE begun >= started - INTERVAL 30 MINUTE AND begun < started""",
    "undoing": "SELECT change, begun FROM utc, time WHERE begun < ended AND begun >= ended - INTERVAL 3 MINUTE",
    # what each payment met
    "seen": "SELECT request, failed FROM during WHERE request IN (SELECT request FROM spans)",
    "met": """SELECT 'change:' || change AS what, 1 AS rank, request FROM suspects JOIN spans USING (version)
        UNION ALL SELECT 'change:' || change, 1, request
        FROM suspects JOIN touched USING (change) JOIN spans USING (host)
        UNION ALL SELECT 'host:' || host, 2, request FROM spans WHERE host IS NOT NULL
        UNION ALL SELECT 'outside:' || service, 3, request FROM spans WHERE host IS NULL""",
    "weights": """SELECT what, rank, sum(failed::INT) / count(*)
        - (any_value(allbad) - sum(failed::INT)) / nullif(any_value(total) - count(*), 0) AS weight
        FROM met JOIN seen USING (request), (SELECT count(*) AS total, sum(failed::INT) AS allbad FROM seen)
        GROUP BY what, rank""",
    # the deepest error of each failed payment, and what was logged there
    "errors": "SELECT spans.* FROM spans JOIN seen USING (request) WHERE error AND failed",
    "deepest": """SELECT service, caller FROM errors WHERE NOT EXISTS (SELECT 1 FROM errors AS below
        WHERE below.request = errors.request AND below.caller = errors.service)""",
    "component": """SELECT service, any_value(caller) AS caller FROM deepest GROUP BY 1
        ORDER BY count(*) DESC, 1 LIMIT 1""",
    "speaker": """SELECT coalesce((SELECT min(service) FROM hosts JOIN component USING (service)), caller) AS service
        FROM component""",
    "codes": """SELECT code FROM logs JOIN speaker USING (service) JOIN during USING (request) WHERE failed
        GROUP BY 1 ORDER BY count(DISTINCT request) DESC LIMIT 1""",
    # what made it long, or came again
    "paged": "SELECT min(ts) AS ts FROM pages, time WHERE urgency = 'page' AND ts >= started",
    "word": "SELECT min(ts) AS ts FROM posts, time WHERE kind = 'incident' AND ts >= started",
    "usual": "SELECT paying.* FROM paying, time WHERE ts >= started - INTERVAL 30 MINUTE AND ts < started",
    "high": """SELECT host, count(*) AS minutes FROM gauges JOIN hosts USING (host) JOIN component USING (service), time
        WHERE greatest(cpu, pool, disk) > 90 AND ts >= started - INTERVAL 30 MINUTE AND ts < started GROUP BY 1""",
    "last": "SELECT max(day) AS day FROM history WHERE component = (SELECT service FROM component)",
}

CLAIMS = {
    "started": "SELECT started FROM time",
    "paged": "SELECT ts FROM paged",
    "mitigated": "SELECT change FROM undoing",
    "ended": "SELECT ended FROM time",
    "customers": "SELECT count(*) FROM gone",
    "failed-share": "SELECT avg(failed::INT) FROM during",
    "lost-eur": "SELECT sum(amount) FROM gone",
    "component": "SELECT service FROM component",
    "reason": "SELECT code FROM codes",
}
FACTORS = {
    "late-page": ("SELECT epoch(paged.ts - started) / 60 FROM paged, time", 5),
    "late-word": ("SELECT epoch(word.ts - started) / 60 FROM word, time", 10),
    "slow-undo": ("SELECT epoch(begun - paged.ts) / 60 FROM undoing, paged", 20),
    "storm": (
        """SELECT (SELECT count(*) / count(DISTINCT customer) FROM during)
            / (SELECT count(*) / count(DISTINCT customer) FROM usual) FROM time""",
        2,
    ),
    "foretold": ("SELECT coalesce(max(minutes), 0) FROM high", 10),
    "repeat": ("SELECT epoch(started - day) / 86400 FROM last, time", 90),
}


WEIGHTS = "SELECT what, weight FROM weights WHERE weight IS NOT NULL ORDER BY round(weight, 6) DESC, rank"
MEETS = {
    "change": """version = (SELECT version FROM changes WHERE change = '{name}')
        OR host IN (SELECT host FROM touched WHERE change = '{name}')""",
    "host": "host = '{name}'",
    "outside": "service = '{name}'",
}


def weighed(what: str) -> str:
    """Of one change, host or party: the query to cite."""
    kind, _, name = what.partition(":")
    met = f"SELECT request FROM spans WHERE {MEETS[kind].format(name=name)}"
    return whole(f"""SELECT avg(failed::INT) FILTER (met) - avg(failed::INT) FILTER (NOT met)
        FROM (SELECT failed, request IN ({met}) AS met FROM seen)""")


def whole(query: str) -> str:
    """A query with the parts that it needs before it."""
    needed: list[str] = []

    def need(text: str) -> None:
        for name in PARTS:
            if name not in needed and re.search(rf"(FROM|JOIN|,)\s+{name}\b", text):
                need(PARTS[name])
                needed.append(name)

    need(query)
    parts = ", ".join(f"{name} AS ({PARTS[name]})" for name in needed)
    return f"WITH {parts} {query}" if parts else query
