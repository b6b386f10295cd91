"""Draws the weeks of an exam, and the public one."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from common.names import named

from grader.labkit import world

if TYPE_CHECKING:
    from calendar_week import Planned
    from casebook.plan import Plan

ASKED = {"paged": 24, "silence": 16, "ticketed": 8, "single": 40, "noise": 60, "quiet": 56, "orderly": 28}
"""Of a week: four stormy regions with ten incidents and three noises; four calm ones with two leaks, twelve noises,
14 half-days."""


def draw(seed: int, weeks: int = 2) -> Plan[Planned]:
    """A plan: so many weeks; the world draws the rest."""
    return {"seed": seed, "cases": [{"id": named(seed, number, size=3), "asked": ASKED} for number in range(weeks)]}


def public() -> Plan[Planned]:
    """The plan that the lab carries."""
    return draw(20260309, weeks=1)


def public_files(plan: Plan[Planned]) -> dict[str, str]:
    """What else the lab carries: all that happened in the public week."""
    with world(__file__):
        from calendar_week import SERVICES, Week, clock

    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["region", "what", "kind", "services", "from", "to", "tell by"])
    for region in Week(plan["seed"], plan["cases"][0]["id"]).regions:
        for each in region.episodes:
            by = clock(each.deadline) if each.deadline else ""
            services = " ".join(SERVICES[number] for number in each.services)
            writer.writerow([region.name, each.what, each.kind, services, clock(each.begins), clock(each.ends), by])
    return {"happened.csv": file.getvalue()}
