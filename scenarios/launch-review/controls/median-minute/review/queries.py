"""The launch policy as SQL. A review's figures are what these queries give, so that each can be asked again.

A query names the parts that it needs; `sql` puts their definitions before it. Nothing of one launch is written into a
query: limits and the model's name come from table `launch`."""

import re

PARTS = {
    # Steps of the load test without their first 20 seconds.
    "warm": "SELECT *, second - min(second) OVER (PARTITION BY step) AS into_step FROM load_test",
    "steps": "SELECT step, sum(requests) / count(*) AS rps, max(warm.replicas) AS replicas, "
    "sum(errors) <= any_value(slo_errors) * sum(requests) "
    "AND sum(slow) <= any_value(slo_slow) * sum(requests) AS holds "
    "FROM warm, launch WHERE into_step >= 20 GROUP BY step",
    "sustained": "SELECT coalesce(arg_max(rps * launch.replicas / steps.replicas, step), 0) AS rps "
    "FROM steps, launch WHERE holds",
    "peak": "SELECT max(requests) / 300 * any_value(event_factor) AS rps FROM traffic, launch "
    "WHERE dayofweek(begun) = dayofweek(event_day)",
    # An order of the shadow once, however often it was logged; no time given is wrong.
    "orders": "SELECT order_id, any_value(segment) AS segment, "
    "max(coalesce(abs(old_off) > off_minutes, true)::INT) AS old_wrong, "
    "max(coalesce(abs(new_off) > off_minutes, true)::INT) AS new_wrong FROM shadow, launch GROUP BY order_id",
    "segments": "SELECT segment, count(*) / (SELECT count(*) FROM orders) AS share, avg(old_wrong) AS old_wrong, "
    "avg(new_wrong) - avg(old_wrong) AS delta FROM orders GROUP BY segment "
    "HAVING share >= (SELECT least_share FROM launch)",
    "worst": "SELECT * FROM segments ORDER BY delta DESC, segment LIMIT 1",
    # What a model served in a day stands beside each item of that day: count it once.
    "bills": "SELECT day, sum(eur) AS eur, max(requests) AS requests FROM costs JOIN launch USING (model) GROUP BY day",
    "cost": "SELECT 1000 * sum(eur) / sum(requests) AS eur FROM bills",
    "budget": "SELECT slo_bad * sum(orders) AS whole, whole - sum(bad) AS rest, avg(orders) AS orders_a_day "
    "FROM slo_days, launch GROUP BY slo_bad",
}

FIGURES = {
    "sustained-rps": "SELECT rps FROM sustained",
    "peak-rps": "SELECT rps FROM peak",
    "quality-delta": "SELECT avg(new_wrong) - avg(old_wrong) FROM orders",
    "worst-segment": "SELECT segment FROM worst",
    "worst-delta": "SELECT delta FROM worst",
    "cost-per-1000": "SELECT eur FROM cost",
}
OF_QUALITY = ("quality-delta", "worst-segment", "worst-delta")  # nothing is said of these if the shadow is too small

RISKS = {
    "data": "SELECT (SELECT count(*) FROM orders) < least_orders FROM launch",
    "capacity": "SELECT sustained.rps < headroom * peak.rps FROM sustained, peak, launch",
    "quality": "SELECT (SELECT avg(new_wrong) - avg(old_wrong) FROM orders) > limit_quality FROM launch",
    "segment": "SELECT delta > limit_segment FROM worst, launch",
    "cost": "SELECT eur > limit_cost FROM cost, launch",
    # A model whose rollback nobody ever rehearsed is a risk too.
    "rollback": "SELECT coalesce(arg_max(begun < launch_day - rollback_days * INTERVAL 1 DAY OR NOT went_well "
    "OR seconds > limit_rollback_s, begun), true) FROM rehearsals JOIN launch USING (model)",
    "budget": "SELECT rest < limit_budget * whole FROM budget, launch",
}

GO_WHEN = {
    "data": "SELECT least_orders - (SELECT count(*) FROM orders) FROM launch",
    "capacity": "SELECT headroom * rps FROM peak, launch",
    "quality": "SELECT (SELECT avg(old_wrong) FROM orders) + limit_quality FROM launch",
    "segment": "SELECT old_wrong + limit_segment FROM worst, launch",
    "cost": "SELECT limit_cost FROM launch",
    "rollback": "SELECT limit_rollback_s FROM launch",
    "budget": "SELECT (1 - limit_budget) * whole FROM budget, launch",
}

# Where things stand today, beside the condition.
TODAY = {
    "quality": "SELECT avg(new_wrong) FROM orders",
    "segment": "SELECT old_wrong + delta FROM worst",
    "budget": "SELECT sum(bad) FROM slo_days",
}

# Beside each risk, whether it holds or not.
FOUND = {
    "shadow-orders": "SELECT count(*) FROM orders",
    "rehearsed": "SELECT strftime(max(begun), '%-d %B') FROM rehearsals JOIN launch USING (model)",
    "rollback-s": "SELECT arg_max(seconds, begun) FROM rehearsals JOIN launch USING (model)",
    "rollback-well": "SELECT arg_max(went_well, begun) FROM rehearsals JOIN launch USING (model)",
    "budget-left": "SELECT rest / whole FROM budget",
}

# What bounds the first step: its share, and the orders that the new model may and has to get in it.
BOUNDS = {
    "step-share-most": "SELECT least(1, sustained.rps / (headroom * peak.rps)) FROM sustained, peak, launch",
    "step-orders-least": "SELECT least_seen / (SELECT min(share) FROM segments) FROM launch",
    "step-orders-most": "SELECT greatest(0, budget_part * rest / assumed_loss) FROM budget, launch",
    "orders-an-hour": "SELECT orders_a_day / 24 FROM budget",
}


def _median_minute(amount: str, limit: str) -> str:
    """True if the median of the new arm's last ten minutes is above a limit.

    Two rough minutes of five do not move a median; what has gone bad by minute 5 is most of the ten at minute 10. A
    fine rollout keeps to 0.65 of the limit and a bad one is at 3 (errors, slow) or 1.9 (cost)."""
    return (
        f"SELECT median({amount} / requests) > any_value({limit}) FROM ("
        f"SELECT minute, sum({amount}) AS {amount}, sum(requests) AS requests FROM live "
        "WHERE arm = 'new' AND minute > (SELECT max(minute) - 10 FROM live) GROUP BY minute), launch"
    )


STOPS = {
    "errors": _median_minute("errors", "1.4 * slo_errors"),
    "slow": _median_minute("slow", "1.4 * slo_slow"),
    # Both arms side by side, so that a hard evening is not taken for a bad model; all of the last 16 minutes (at minute
    # 20 those since minute 5), as single minutes are small. 10 points lie half way from fine (2) to bad (18). What
    # chance may do (`noise`, a variance) is added: by the ratio of likelihoods of 18 and of 2 points, bad has to be
    # exp(3) = 20 times as likely as fine.
    "segment": "SELECT coalesce(bool_or(worse > 0.10 + 3 * noise / 0.16), false) FROM ("
    "SELECT sum(wrong) FILTER (arm = 'new') / sum(judged) FILTER (arm = 'new') AS p, "
    "sum(wrong) FILTER (arm = 'old') / sum(judged) FILTER (arm = 'old') AS q, p - q AS worse, "
    "p * (1 - p) / sum(judged) FILTER (arm = 'new') + q * (1 - q) / sum(judged) FILTER (arm = 'old') AS noise "
    "FROM live WHERE minute > (SELECT max(minute) - 16 FROM live) GROUP BY segment "
    "HAVING sum(requests) >= (SELECT least_share FROM launch) * (SELECT sum(requests) FROM live "
    "WHERE minute > (SELECT max(minute) - 16 FROM live)))",
    "cost": _median_minute("eur", "1.1 * limit_cost / 1000"),
}


def sql(query: str) -> str:
    """A query with the definitions of the parts that it reads, in the order in which they are defined."""
    wanted = _parts(query)
    if not wanted:
        return query
    return "WITH " + ", ".join(f"{name} AS ({text})" for name, text in PARTS.items() if name in wanted) + " " + query


def _parts(query: str) -> set[str]:
    """Names of the parts that a query reads, and those that they read."""
    read: set[str] = set()
    for clause in re.findall(r"\b(?:FROM|JOIN) ([a-z_]+(?:, [a-z_]+)*)", query):
        for name in clause.split(", "):
            if name in PARTS:
                read |= {name} | _parts(PARTS[name])
    return read
