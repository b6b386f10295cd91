"""A commodity: its grain, who trades in it, and everything that is sent about it."""

from __future__ import annotations

import json

import forging
import numpy as np
from casebook.plan import Plan
from cases import NOT_YET, Office, Planned
from common.tickets import ticket
from draws import Floats, generator
from model import GRADES
from papers import suppliers

GRAINS = ("barley", "durum", "lentil", "maize", "oats", "rapeseed", "rye", "sorghum", "soy", "spelt", "wheat")
MARKETS, REGISTERED = 4, 10


class Market:
    """One commodity, and who trades in it."""

    def __init__(self, seed: int, lane: int, cases: list[Planned]) -> None:
        rng = generator(seed, lane, "market")
        self.name = f"{rng.choice(GRAINS)}-{ticket(seed, str(lane), 'market')[:5]}"
        self.grain = forging.sound(seed, self.name)
        self.suppliers = suppliers(rng)
        self.cases = cases
        self.steps = in_order(generator(seed, lane, "order"), cases)
        self.office = Office(seed, self.name, self.grain, self.suppliers)

    def archive(self) -> str:
        """Readings that people graded, as JSON."""
        graded = zip(self.grain.archive.tolist(), self.grain.graded, strict=True)
        return json.dumps({"readings": [{"bands": row, "grade": GRADES[grade]} for row, grade in graded]})


def in_order(rng: np.random.Generator, cases: list[Planned]) -> list[int]:
    """When each body of each case is sent: those of one case in their order, with others between them."""
    moments = [(moment, at) for at, case in enumerate(cases) for moment in when(rng, case)]
    return [at for _, at in sorted(moments)]


def when(rng: np.random.Generator, case: Planned) -> Floats:
    """The moments of one case, of a season from 0 to 1. A campaign is over in a third of it, or comes back late."""
    moments = rng.random(case.get("scans", 1))
    if case["kind"] == "campaign":
        back = 2 * (np.arange(len(moments)) >= NOT_YET)
        moments = (moments + (rng.integers(3) if rng.random() < 0.5 else back)) / 3
    return moments


def markets(plan: Plan[Planned]) -> list[Market]:
    """The four commodities of a plan."""
    return [Market(plan["seed"], lane, plan["cases"][lane::MARKETS]) for lane in range(MARKETS)]
