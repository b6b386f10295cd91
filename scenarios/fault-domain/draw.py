"""Draws the cells of an exam.

`python scenarios/fault-domain/draw.py > labs/fault-domain/public/plan.json` for the public ones.
"""

import json
import random
from itertools import combinations, product

KINDS = {
    "infra": ["slow-replica", "lossy-hop", "store-drops", "throttled"],
    "model": ["wrong-weights", "slow-artefact", "wrong-class", "edge-rows"],
    "data": ["other-unit", "stale", "nulls", "source-late"],
}
WELL = ["flapped", "surge", "season"]
"""What only looks as if something were wrong. Three of four cells in which something is wrong have one of these too."""

HIDING = ["store-drops", "wrong-weights"]
"""Who finds one of these may think that the data need no look: more than half of the pairs with data have it."""


def draw(seed, each=22, pairs=20, well=30):
    """A plan: so many cells of each kind, of each pair of domains, of each that is well. The world draws the rest."""
    rng = random.Random(seed)
    drawn = [(domain, [kind]) for domain, kinds in KINDS.items() for kind in kinds * each]
    for one, other in combinations(KINDS, 2):
        both = [list(two) for two in product(KINDS[one], KINDS[other])]
        hidden = [two for two in both if other == "data" and two[0] in HIDING]
        rest = [two for two in both if two not in hidden]
        for those, count in [(hidden, pairs), (rest, pairs * 3 // 4)] if hidden else [(both, pairs)]:
            drawn += [("both", two) for two in rng.sample(those * (1 + count // len(those)), count)]
    drawn = [(aspect, kinds + rng.choice([[], *([looks] for looks in WELL)])) for aspect, kinds in drawn]
    drawn += [("healthy", [kind]) for kind in WELL * well]
    rng.shuffle(drawn)
    cases = [
        {"id": f"{rng.getrandbits(40):010x}", "kinds": kinds, "asked": {aspect: 1, "harmless": 1, "in-time": 1}}
        for aspect, kinds in drawn
    ]
    return {"seed": seed, "cases": cases}


def public():
    """The plan that the lab carries. Its cells have names that say what is wrong."""
    plan = draw(1, each=4, pairs=4, well=6)
    for n, case in enumerate(plan["cases"]):
        case["id"] = "-and-".join(case["kinds"]) + f"-{n}"
    return {**plan, "public": True}


if __name__ == "__main__":
    print(json.dumps(public()))
