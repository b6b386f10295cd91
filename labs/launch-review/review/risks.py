"""Risks that are noted below the recommendation."""

from typing import Any

import duckdb
from figures import one


def noted(case: duckdb.DuckDBPyConnection, launch: dict[str, Any], found: dict[str, Any]) -> list[str]:
    left = one(case, f"SELECT 1 - sum(bad) / sum({launch['slo_bad']} * orders) FROM slo_days")
    seconds = one(case, "SELECT seconds FROM rehearsals ORDER BY begun DESC LIMIT 1")
    holds = {
        "data": one(case, "SELECT count(*) FROM shadow") < launch["least_orders"],
        "capacity": found["sustained-rps"] < found["peak-rps"],
        "quality": found["quality-delta"] > launch["limit_quality"],
        "segment": found["worst-delta"] > launch["limit_segment"],
        "cost": found["cost-per-1000"] > launch["limit_cost"],
        "rollback": seconds > launch["limit_rollback_s"],
        "budget": left < launch["limit_budget"],
    }
    return [risk for risk, is_so in holds.items() if is_so]
