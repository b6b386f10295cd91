"""What the plan says of a launch. All else is drawn from its id."""

from __future__ import annotations

from casebook.plan import Case

RISKS = "data", "capacity", "quality", "segment", "cost", "rollback", "budget"
GRAVE = {"quality", "cost", "rollback"}
WAYS = "errors", "slow", "segment", "cost"
UNSAID = {"quality", "segment"}
"""What nothing is said of where the shadow is too small."""


class Launch(Case):
    """A case. `holds`: risks that hold; `way`: how its bad rollout goes bad."""

    holds: list[str]
    way: str
