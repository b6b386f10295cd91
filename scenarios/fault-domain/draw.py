"""Draws the cells of an exam."""

from __future__ import annotations

import random
from itertools import combinations, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cell import Incident, Incidents

KINDS = {
    "infra": ["slow-replica", "lossy-hop", "store-drops", "throttled"],
    "model": ["wrong-weights", "slow-artefact", "wrong-class", "failing-rows"],
    "data": ["other-unit", "stale", "nulls", "source-late"],
}
WELL = ["flapped", "surge", "season"]
"""What only looks as if something were wrong. Each is there in two of three cells, whatever is wrong with them."""


def draw(seed: int, each: int = 20, pairs: int = 4, well: int = 24) -> Incidents:
    """A plan: so many cells of each kind, of each pair of kinds, of each that is well. The world draws the rest."""
    rng = random.Random(seed)
    drawn = [(domain, [kind]) for domain, kinds in KINDS.items() for kind in kinds * each]
    for one, other in combinations(KINDS, 2):
        drawn += [(f"{one}-{other}", list(two)) for two in product(KINDS[one], KINDS[other]) for _ in range(pairs)]
    drawn += [("healthy", [kind]) for kind in WELL * well]
    rng.shuffle(drawn)
    cases: list[Incident] = [
        {
            "id": f"{rng.getrandbits(40):010x}",
            "kinds": kinds + [looks for looks in WELL if looks not in kinds and rng.random() < 2 / 3],
            "asked": {aspect: 1, "harmless": 1, "in-time": 1},
        }
        for aspect, kinds in drawn
    ]
    return {"seed": seed, "cases": cases}


def public() -> Incidents:
    """The plan that the lab carries. Its cells have names that say what is wrong."""
    plan = draw(1, each=4, pairs=1, well=6)
    for n, case in enumerate(plan["cases"]):
        case["id"] = "-and-".join(case["kinds"]) + f"-{n}"
    return {**plan, "public": True}
