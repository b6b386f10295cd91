"""The room that a control needs, so that luck does not decide its verdict: one rule for all labs.

Who has to pass burns half of each budget at most in the median plan, and passes every plan. Who has to fail burns twice
its own, and half of each other at most but for those that it may miss. One bad event a plan is always luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.authoring.play.counting import Tally, burn, burns
from grader.course.control import Control
from grader.course.spec import Scenario

MOST, LEAST = 0.5, 2.0
LUCK = 1


def misfits(scenario: Scenario, control: Control, plans: Sequence[Mapping[str, Tally]]) -> list[str]:
    """A sentence for each objective of which a control burns too much or too little; none where it has room."""
    found = burns(scenario, plans)
    said = []
    for name, slo in scenario.slos.items():
        figure, bad = found[name].median, max(plan[name].bad for plan in plans)
        if not any(plan[name].valid for plan in plans):
            said.append(f"{name}: nothing that was told counts for it")
        elif name == control.fails:
            if figure < LEAST:
                said.append(f"{name}: it has to miss this, and burns {figure:.2f} of the budget, not {LEAST:g} or more")
        elif name not in control.also and figure > MOST and bad > LUCK:
            said.append(f"{name}: {figure:.2f} of the budget is burnt, more than {MOST:g}")
        elif control.fails is None and (lost := sum(burn(plan[name], slo.target) > 1 for plan in plans)):
            said.append(f"{name}: {lost} of {len(plans)} plans are not passed")
    return said
