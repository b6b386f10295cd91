"""What comes with a refusal: when it is a go, and a first step that can be borne and that shows something."""

from dataclasses import dataclass
from math import sqrt

import duckdb
from figures import (
    BUDGET_LEFT_ORDERS,
    ORDERS,
    ORDERS_AN_HOUR,
    PEAK,
    SEGMENTS,
    SHADOW_ORDERS,
    SMALLEST_SHARE,
    SUSTAINED,
    one,
)

GO_WHEN = {
    "data": f"SELECT least_orders - ({SHADOW_ORDERS}) FROM launch",
    "capacity": f"SELECT headroom * ({PEAK}) FROM launch",
    "quality": f"SELECT (SELECT avg(old_wrong) FROM ({ORDERS})) + limit_quality FROM launch",
    "segment": f"SELECT (SELECT max_by(old_share, delta) FROM ({SEGMENTS})) + limit_segment FROM launch",
    "cost": "SELECT limit_cost FROM launch",
    "rollback": "SELECT limit_rollback_s FROM launch",
    "budget": "SELECT floor(sum(orders * slo_bad * (1 - limit_budget)))::BIGINT FROM slo_days, launch",
}

# Bounds of the policy. Two of them bound share times hours, the third the share alone.
LEAST_SHARE_HOURS = f"SELECT least_seen / (({SMALLEST_SHARE}) * ({ORDERS_AN_HOUR})) FROM launch"
MOST_SHARE_HOURS = f"SELECT budget_part * ({BUDGET_LEFT_ORDERS}) / (assumed_loss * ({ORDERS_AN_HOUR})) FROM launch"
MOST_SHARE = f"SELECT ({SUSTAINED}) / (headroom * ({PEAK})) FROM launch"

# As long as the launch allows: for the same orders seen that is the smallest share, so the fewest guests at a time.
HOURS = "SELECT floor(most_hours)::BIGINT FROM launch"
ABOVE_LEAST = 1.5  # slow hours may bring a third less than the average ones, and the step still shows enough


@dataclass(frozen=True)
class Step:
    """A first step: a share of all orders (0 to 1), for some hours; what its bounds come to."""

    share: float
    hours: int
    enough: bool  # it shows as many orders as the policy wants

    def queries(self) -> dict[str, str]:
        """Queries for what the step comes to: requests a second it needs, orders it shows, orders it may cost."""
        orders = f"{self.share} * {self.hours} * ({ORDERS_AN_HOUR})"
        return {
            "step-rps": f"SELECT {self.share} * headroom * ({PEAK}) FROM launch",
            "step-seen": f"SELECT {orders} * ({SMALLEST_SHARE})",
            "step-lost": f"SELECT {orders} * assumed_loss FROM launch",
            "step-may-lose": f"SELECT budget_part * ({BUDGET_LEFT_ORDERS}) FROM launch",
        }


def first_step(case: duckdb.DuckDBPyConnection) -> Step:
    """As little of the new model as shows enough, with something to spare on both sides.

    Where the bounds leave no room, those that protect orders win, and the step says that it shows too little.
    """
    least, most, top, hours = (one(case, ask) for ask in (LEAST_SHARE_HOURS, MOST_SHARE_HOURS, MOST_SHARE, HOURS))
    most, top = max(most, 0), min(top, 1)
    wanted = min(ABOVE_LEAST * least, sqrt(least * most)) if most >= least else most
    share = min(wanted / hours, top)
    short = float(f"{share:.3g}")  # three digits, unless that leaves the bounds
    if short * hours <= most and short <= top and (short * hours >= least or share * hours < least):
        share = short
    return Step(share, hours, share * hours >= least)
