"""A query to cite for each figure. The window of the evening stands in it; how it was found is cited by itself."""

from evening import Evening

PEOPLE = "route = 'pay' AND client IN ('web', 'app')"
RUNS = f"""SELECT {{what}} FROM (SELECT minute, bad AND lead(bad) OVER w AND lead(bad, 2) OVER w AS run FROM
    (SELECT date_trunc('minute', ts) AS minute, avg((status >= 500)::INT) > 0.05 AS bad FROM requests WHERE {PEOPLE}
    GROUP BY 1) WINDOW w AS (ORDER BY minute)) WHERE run"""


def all_of(one: Evening) -> dict[str, str]:
    """By claim; of each suspect and factor too."""
    window = f"ts >= TIMESTAMP '{one.started}' AND ts < TIMESTAMP '{one.ended}' AND {PEOPLE}"
    failed = f"SELECT request FROM requests WHERE {window} AND status >= 500"
    gone = f"""FROM carts WHERE customer IN (SELECT customer FROM requests WHERE {window} AND status >= 500)
        AND coalesce(paid > TIMESTAMP '{one.ended}' + INTERVAL 30 MINUTE, true)"""
    begun = "(SELECT *, shown - utc_offset * INTERVAL 1 HOUR AS begun FROM changes JOIN offices USING (office))"
    paged = f"(SELECT min(ts) FROM pages WHERE urgency = 'page' AND ts >= TIMESTAMP '{one.started}')"
    fix = f"FROM {begun} WHERE begun < TIMESTAMP '{one.ended}' AND begun >= TIMESTAMP '{one.ended}' - INTERVAL 3 MINUTE"
    deepest = f"""SELECT service FROM spans AS high WHERE error AND request IN ({failed}) AND NOT EXISTS (SELECT 1
        FROM spans AS low WHERE low.error AND low.request = high.request AND low.caller = high.service)"""
    usual = f"""ts >= TIMESTAMP '{one.started}' - INTERVAL 30 MINUTE AND ts < TIMESTAMP '{one.started}'"""
    each = "SELECT count(*) / count(DISTINCT customer) FROM requests WHERE"
    near = f"{usual} AND host IN (SELECT host FROM hosts WHERE service = '{one.component}')"
    found = {
        "started": RUNS.format(what="min(minute)"),
        "ended": RUNS.format(what="max(minute) + INTERVAL 3 MINUTE"),
        "paged": f"SELECT * FROM {paged}",
        "mitigated": f"SELECT min(change) {fix}",
        "customers": f"SELECT count(*) {gone}",
        "failed-share": f"SELECT avg((status >= 500)::INT) FROM requests WHERE {window}",
        "lost-eur": f"SELECT sum(amount) {gone}",
        "component": f"SELECT mode(service) FROM ({deepest})",
        "reason": f"SELECT mode(code) FROM logs WHERE service = '{one.speaker}' AND request IN ({failed})",
        "late-page": f"SELECT epoch({paged} - min(minute)) / 60 FROM ({RUNS.format(what='minute')})",
        "late-word": f"""SELECT epoch(min(ts) - ({RUNS.format(what="min(minute)")})) / 60 FROM posts
            WHERE kind = 'incident' AND ts >= TIMESTAMP '{one.started}'""",
        "slow-undo": f"SELECT epoch(min(begun) - {paged}) / 60 {fix}",
        "storm": f"SELECT ({each} {window}) / ({each} {usual} AND {PEOPLE}) FROM offices LIMIT 1",
        "foretold": f"""SELECT max(minutes) FROM (SELECT sum((greatest(cpu, pool, disk) > 90)::INT) AS minutes
            FROM gauges WHERE {near} GROUP BY host)""",
        "repeat": f"""SELECT epoch(TIMESTAMP '{one.started}' - max(day)) / 86400 FROM history
            WHERE component = '{one.component}'""",
    }
    return found | {what: _weight(one, what, window) for what in one.weights}


def _weight(one: Evening, what: str, window: str) -> str:
    kind, _, name = what.partition(":")
    on = f"host = '{name}'" if kind == "host" else f"service = '{name}'"
    if kind == "change":
        deploy = (one.suspects[one.suspects.change == name].kind == "deploy").any()
        on = f"version = (SELECT version FROM changes WHERE change = '{name}')"
        on = on if deploy else f"host IN (SELECT host FROM touched WHERE change = '{name}')"
    seen = f"""(SELECT status >= 500 AS failed, request IN (SELECT request FROM spans WHERE {on}) AS met FROM requests
        WHERE {window} AND request IN (SELECT request FROM spans))"""
    return f"SELECT avg(failed::INT) FILTER (met) - avg(failed::INT) FILTER (NOT met) FROM {seen}"
