"""Stops as likelihood ratios: how much likelier the rows so far are of a bad rollout than of a fine one, minute by
minute, and no minute counts for more than CAP."""

CAP, ENOUGH = 3, 9


def _rates(column: str, slo: str) -> str:
    """Errors or slow ones: three times the SLO against a half of it (Poisson)."""
    fine, bad = f"0.5 * (SELECT {slo} FROM launch)", f"3 * (SELECT {slo} FROM launch)"
    ratio = f"sum({column}) * ln(6) - sum(requests) * ({bad} - {fine})"
    return (
        f"SELECT sum(greatest(-{CAP}, least({CAP}, ratio))) > {ENOUGH} FROM"
        f" (SELECT {ratio} AS ratio FROM live WHERE arm = 'new' GROUP BY minute)"
    )


_SEGMENT = f"""WITH old AS (SELECT segment, sum(wrong) / sum(judged) AS share FROM live WHERE arm = 'old'
    GROUP BY segment HAVING sum(judged) >= 150),
    minutes AS (SELECT segment, minute, sum(wrong) * ln((share + 0.18) / share)
        + sum(judged - wrong) * ln((0.82 - share) / (1 - share)) AS ratio
        FROM live JOIN old USING (segment) WHERE arm = 'new' GROUP BY segment, minute, share),
    segments AS (SELECT segment, sum(greatest(-{CAP}, least({CAP}, ratio))) AS ratio FROM minutes GROUP BY segment)
    SELECT count(*) > 0 FROM segments WHERE ratio > {ENOUGH}"""

STOPS = {
    "stop-errors": _rates("errors", "slo_errors"),
    "stop-slow": _rates("slow", "slo_slow"),
    "stop-segment": _SEGMENT,
    "stop-cost": "SELECT count(*) >= 5 AND median(price) > 1.2 * (SELECT limit_cost FROM launch) FROM"
    " (SELECT 1000 * sum(eur) / sum(requests) AS price FROM live WHERE arm = 'new' GROUP BY minute)",
}
