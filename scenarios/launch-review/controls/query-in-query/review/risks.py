"""Which risks hold, and what the policy decides for them."""

import duckdb
from figures import (
    BUDGET_LEFT,
    COST,
    LAST_ROLLBACK,
    PEAK,
    QUALITY,
    SHADOW_ORDERS,
    SUSTAINED,
    WORST_DELTA,
    one,
)

# A query each that gives true if the risk holds. A model that never rehearsed a rollback has none to rely on.
RISKS = {
    "data": f"SELECT ({SHADOW_ORDERS}) < least_orders FROM launch",
    "capacity": f"SELECT ({SUSTAINED}) < headroom * ({PEAK}) FROM launch",
    "quality": f"SELECT ({QUALITY}) > limit_quality FROM launch",
    "segment": f"SELECT ({WORST_DELTA}) > limit_segment FROM launch",
    "cost": f"SELECT ({COST}) > limit_cost FROM launch",
    "rollback": f"""SELECT coalesce((SELECT begun < launch_day - to_days(rollback_days::INT) OR NOT went_well
        OR seconds > limit_rollback_s FROM ({LAST_ROLLBACK})), true) FROM launch""",
    "budget": f"SELECT ({BUDGET_LEFT}) < limit_budget FROM launch",
}
STOPPING = {"quality", "cost", "rollback"}


def holding(case: duckdb.DuckDBPyConnection) -> list[str]:
    """The risks that hold, in the policy's order. Where the shadow is too small nothing is said of quality."""
    found = [risk for risk, query in RISKS.items() if one(case, query)]
    return [risk for risk in found if risk in told(found)]


def told(holds: list[str]) -> list[str]:
    """The risks of which the review says whether they hold: all, but of quality only where the shadow can tell."""
    return [risk for risk in RISKS if "data" not in holds or risk not in ("quality", "segment")]


def decision(holds: list[str]) -> str:
    """go, phased or not-yet."""
    if not holds:
        return "go"
    return "not-yet" if STOPPING & set(holds) else "phased"
