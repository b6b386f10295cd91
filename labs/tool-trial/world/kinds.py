"""What the plan says of a trial. All else is drawn from its id."""

from __future__ import annotations

from typing import TypedDict

from casebook.plan import Case

DETECTION = "kind", "season", "delay", "false"
HEALTH = "licence", "bus", "answered"
FAULTS = (*DETECTION, *HEALTH)


class Tool(TypedDict):
    """`key`: of the catalogue; `faults`: needs that it does not meet."""

    key: str
    faults: list[str]


class Trial(Case):
    """A case. `must`: kinds that have to be found; `season`: whether it has to be quiet on season."""

    tools: list[Tool]
    must: list[str]
    season: bool
