"""What the plan says of a launch. All else is drawn from its id."""

from __future__ import annotations

from casebook.plan import Case

RISKS = "data", "capacity", "quality", "segment", "cost", "rollback", "budget"
GRAVE = {"quality", "cost", "rollback"}
WAYS = "errors", "slow", "segment", "cost"
FAULTS = "late", "long", "failed"
UNSAID = {"quality", "segment"}
"""What nothing is said of where the shadow is too small."""


ROOM = 2.0
"""A first step may have so many times the orders that are needed, at most."""
TIGHT = 0.05
"""Where capacity is too small, it bounds first steps that need a larger share than this; for the others it is too small
by the headroom alone, and the budget bounds them."""


class Launch(Case):
    """A case. `holds`: risks that hold; `looks`: those that only look so, in a shadow that is too small. `way`: how its
    bad rollout goes bad. `fault`: of the last rehearsal, or empty. `hours`: the most that a first step may take;
    `step`: the least share that shows enough in them."""

    holds: list[str]
    looks: list[str]
    way: str
    fault: str
    hours: int
    step: float
