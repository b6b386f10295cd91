"""Which tool is taken: the one that meets all needs, or none."""

from collections.abc import Mapping
from typing import Any

from figures import CHANGES

NONE = "none"
AT_MOST = {"delay": "most_delay", "false": "most_false", "bus": "most_share", "answered": "most_days"}


def missed(tool: str, needs: Mapping[str, Any], values: Mapping[str, Any], may_use: bool) -> list[str]:
    """The needs that a tool does not meet, as columns of `needs` and "licence". What is not known is not met."""
    unmet = [f"find_{kind}" for kind in CHANGES if needs[f"find_{kind}"] and not values[f"rings-{tool}-{kind}"]]
    if needs["quiet_on_season"] and values[f"rings-{tool}-season"]:
        unmet.append("quiet_on_season")
    for figure, need in AT_MOST.items():
        value = values[f"{figure}-{tool}"]
        if value is None or value > needs[need]:
            unmet.append(need)
    return unmet if may_use else [*unmet, "licence"]


def choice(unmet: Mapping[str, list[str]]) -> str:
    """The tool that meets all needs, or none. No more than one does."""
    return next((tool for tool, needs in unmet.items() if not needs), NONE)
