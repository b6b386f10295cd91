"""When a rollout is stopped: one query each over the rows so far."""

LAST = "arm = 'new' AND minute > (SELECT max(minute) - 5 FROM live)"

STOPS = {
    "stop-errors": f"SELECT sum(errors) / sum(requests) > (SELECT 6 * slo_errors FROM launch) FROM live WHERE {LAST}",
    "stop-slow": f"SELECT sum(slow) / sum(requests) > (SELECT 6 * slo_slow FROM launch) FROM live WHERE {LAST}",
    "stop-segment": f"SELECT max(wrong / judged) > 0.5 FROM live WHERE {LAST} AND judged > 0",
    "stop-cost": f"SELECT 1000 * sum(eur) / sum(requests) > (SELECT 5 * limit_cost FROM launch) FROM live WHERE {LAST}",
}
