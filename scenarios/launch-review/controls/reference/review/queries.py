"""A query for each claim of a review. All of them are the same for each launch: what differs stands in its tables."""

PARTS = {
    "rates": """SELECT step, sum(requests) / count(*) AS rps, sum(errors) / sum(requests) AS errors,
        sum(slow) / sum(requests) AS slow, max(replicas) AS replicas
        FROM (SELECT *, min(second) OVER (PARTITION BY step) AS begins FROM load_test)
        WHERE second >= begins + 20 GROUP BY step""",
    "tested": """SELECT coalesce(max(rps * launch.replicas / rates.replicas), 0) AS rps FROM rates, launch
        WHERE errors <= slo_errors AND slow <= slo_slow""",
    "peak": """SELECT max(requests) / 300 * max(event_factor) AS rps FROM traffic, launch
        WHERE isodow(begun) = isodow(event_day)""",
    "judged": """SELECT order_id, max(segment) AS segment, (max(old_off) > max(off_minutes))::INT AS was,
        coalesce(max(new_off) > max(off_minutes), true)::INT AS will FROM shadow, launch GROUP BY order_id""",
    "segments": """SELECT segment, count(*) / (SELECT count(*) FROM judged) AS share, avg(was) AS was,
        avg(will) - avg(was) AS delta FROM judged GROUP BY segment HAVING share >= (SELECT least_share FROM launch)""",
    "worst": "SELECT * FROM segments ORDER BY delta DESC LIMIT 1",
    "bills": """SELECT day, sum(eur) AS eur, max(requests) AS requests FROM costs
        WHERE model = (SELECT model FROM launch) GROUP BY day""",
    "cost": "SELECT 1000 * sum(eur) / sum(requests) AS eur FROM bills",
    "rehearsed": """SELECT begun, seconds, went_well FROM rehearsals
        WHERE model = (SELECT model FROM launch) ORDER BY begun DESC LIMIT 1""",
    "budget": """SELECT max(slo_bad) * sum(orders) AS allowed, sum(bad) AS bad, avg(orders) AS a_day
        FROM slo_days, launch""",
}
NEEDS = {"tested": ["rates"], "segments": ["judged"], "worst": ["judged", "segments"], "cost": ["bills"]}

FIGURES = {
    "sustained-rps": "SELECT rps FROM tested",
    "peak-rps": "SELECT rps FROM peak",
    "quality-delta": "SELECT avg(will) - avg(was) FROM judged",
    "worst-segment": "SELECT segment FROM worst",
    "worst-delta": "SELECT delta FROM worst",
    "cost-per-1000": "SELECT eur FROM cost",
}
RISKS = {
    "data": "SELECT count(*) < max(least_orders) FROM judged, launch",
    "capacity": "SELECT tested.rps < headroom * peak.rps FROM tested, peak, launch",
    "quality": "SELECT avg(will) - avg(was) > max(limit_quality) FROM judged, launch",
    "segment": "SELECT delta > limit_segment FROM worst, launch",
    "cost": "SELECT eur > limit_cost FROM cost, launch",
    "rollback": """SELECT begun < launch_day - INTERVAL 1 DAY * rollback_days OR NOT went_well
        OR seconds > limit_rollback_s FROM rehearsed, launch""",
    "budget": "SELECT allowed - bad < limit_budget * allowed FROM budget, launch",
}
GO_WHEN = {
    "data": "SELECT max(least_orders) - count(*) FROM judged, launch",
    "capacity": "SELECT headroom * rps FROM peak, launch",
    "quality": "SELECT avg(was) + max(limit_quality) FROM judged, launch",
    "segment": "SELECT was + limit_segment FROM worst, launch",
    "cost": "SELECT limit_cost FROM launch",
    "rollback": "SELECT limit_rollback_s FROM launch",
    "budget": "SELECT allowed * (1 - limit_budget) FROM budget, launch",
}
MOST_SHARE = "SELECT least(1, tested.rps / (headroom * peak.rps)) FROM tested, peak, launch"
LEAST = "SELECT max(least_seen) / (min(share) * max(a_day) / 24) FROM segments, budget, launch"
MOST = "SELECT budget_part * (allowed - bad) / (assumed_loss * a_day / 24) FROM budget, launch"
"""What share times hours of a first step has to be at least, and at most."""


def whole(query: str) -> str:
    """A query with the parts that it stands on, on one line."""
    named = [name for name in PARTS if f" {name}" in query.replace(",", " ").replace(".", " ")]
    wanted = {each for name in named for each in [*NEEDS.get(name, []), name]}
    parts = ", ".join(f"{name} AS ({text})" for name, text in PARTS.items() if name in wanted)
    return " ".join((f"WITH {parts} {query}" if parts else query).split())
