"""Draws the fleets of an exam, and the answer sheet of the public ones."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from common.names import named

from grader.labkit import world

if TYPE_CHECKING:
    from casebook.plan import Plan
    from fleet import FleetCase

ASKED = {"saving": 6, "kept": 8, "finished": 6, "restored": 9, "resident": 5, "standing": 4, "forecast": 1}
"""Of each fleet: by category and of commitments, by service, training, store, flow, needed machine, and once."""


AGAIN = 0.24
"""The share of cases whose fleet is asked about twice, each time for another month: nobody may remember a plan."""
MONTHS = [f"{year}-{month:02d}-01" for year in (2026, 2027) for month in range(1, 13)]


def draw(seed: int, fleets: int = 50) -> Plan[FleetCase]:
    """A plan; the world draws each fleet from the seed and the case's name, which tells nothing else."""
    rng = random.Random(f"{seed}:months")
    again = round(AGAIN * fleets)
    asked = [name for at in range(fleets - again) for name in [named(seed, fleets + at)] * (1 + (at < again))]
    months = {name: rng.sample(MONTHS, 2) for name in asked}
    cases: list[FleetCase] = [
        {"id": named(seed, at), "fleet": name, "month": months[name].pop(), "asked": ASKED}
        for at, name in enumerate(rng.sample(asked, fleets))
    ]
    return {"seed": seed, "cases": cases}


def public() -> Plan[FleetCase]:
    """The plan that the lab carries."""
    return draw(1, fleets=8)


def public_files(plan: Plan[FleetCase]) -> dict[str, str]:
    """What else the lab carries."""
    return {"answers.json": json.dumps(answers(plan), indent=1) + "\n"}


def answers(plan: Plan[FleetCase]) -> dict[str, Any]:
    """Of each fleet what an auditor cannot look up: next month, chances, and the least that each category can cost."""
    with world(__file__):
        import fleet
        import machines
        import month
        import plans
        import trainings

    sheet = {}
    for case in plan["cases"]:
        doc, hidden = fleet.fleet_of(plan["seed"], case)
        was, could = month.bill(doc, hidden, plans.before(doc)), month.least(doc, hidden)
        sheet[fleet.known_as(doc)] = {
            "usd": {kind: {"as it is": round(was[kind]), "least": round(could[kind])} for kind in month.CATEGORIES},
            "worst hour": {
                each["name"]: {"seen": max(each["demand"]), "next month": hidden.peaks[each["name"]]}
                for each in doc["services"]
            },
            "done in time, share of runs": {
                each["name"]: {
                    pool: round(chance, 4) for pool, (chance, _) in trainings.outcomes(each, doc["pools"]).items()
                }
                for each in doc["trainings"]
            },
            "GB read next month": hidden.reads,
            "machines": {each["name"]: machines.needed(doc, each) or "may go" for each in doc["machines"]},
        }
    return sheet
