"""A trial and its record, kept for pages and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import judge
from common.names import generator
from figures import measured

if TYPE_CHECKING:
    from casebook.plan import Plan
    from cited import Examined
    from figures import Alarm
    from judge import Said
    from kinds import Trial
    from trials import Made

KEPT_NONE, KEPT_FIT = 2, 1


@dataclass
class Seen:
    """What was made, handed in and told of one trial.

    Attributes:
        number: of the trial in its plan, from 1.
        handed: alarms as they were handed in; `wrong`: why there are none.
        words: told of it, with an aspect each.
    """

    number: int
    made: Made
    document: str = ""
    why: str = ""
    handed: list[Alarm] = field(default_factory=list)
    wrong: str = ""
    found: Examined | None = None
    words: list[tuple[str, Said]] = field(default_factory=list)

    @property
    def right(self) -> dict[str, bool]:
        """By name of a claim whether what the record shows is so; of what was measured, by the alarms handed in."""
        mine = measured(self.made.tools, self.made.tables["streams"], self.handed)
        truths = self.made.figures | {name: mine[name] for name in mine if not name.startswith("rings")}
        return {
            name: self.found is not None and judge.so(judge.said(self.found, name), truth)
            for name, truth in {**truths, "choice": self.made.choice}.items()
        }

    @property
    def name(self) -> str:
        """The trial's number and tools."""
        return f"{self.number} {', '.join(self.made.tools)}"


def kept(plan: Plan[Trial]) -> Plan[Trial]:
    """Trials whose records a person gets: two without a tool that fits, one with."""
    rng = generator(plan["seed"], "kept")
    none = [case for case in plan["cases"] if all(tool["faults"] for tool in case["tools"])]
    fit = [case for case in plan["cases"] if case not in none]
    chosen = rng.sample(none, min(KEPT_NONE, len(none))) + rng.sample(fit, min(KEPT_FIT, len(fit)))
    return {"seed": plan["seed"], "cases": chosen}
