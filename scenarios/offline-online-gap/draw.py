"""Draws the cases of an exam."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from casebook.plan import Plan
from common.names import named

SKEWS = ("unit", "default", "stale", "clipped", "swapped")
EXPERIMENTS = ("shares", "shares of treatments", "both arms", "carry-over", "carry-over of treatments")
METRICS = ("does not follow",)
IDS = ("sequential", "even", "uuid", "check digit", "prefix", "mail", "name", "token")
"""Those of the public plan come first; the others nobody has seen."""
IN_A_POPULATION, A_BATCH, A_LOG = 6, 50, 4
CAUSES = {"skew": SKEWS, "experiment": EXPERIMENTS, "metric": METRICS}


def draw(seed: int, systems: int = 160, populations: int = 8, batches: int = 4, logs: int = 24) -> Plan[Any]:
    """A plan: each cause is in half of the systems, whatever the others; the world makes all else from seed and id."""
    rng = random.Random(seed)
    causes = {cause: halved(rng, kinds, systems) for cause, kinds in CAUSES.items()}
    cases = [of_system({cause: causes[cause][at] for cause in CAUSES}) for at in range(systems)]
    for number in range(populations):
        for at in range(IN_A_POPULATION):
            case = {"kind": "experiment", "population": f"p{number}", "ids": IDS[number % len(IDS)], "arms": 2 + at % 2}
            cases.append(case | {"asked": {"assigned": 1}})
    cases += [{"kind": "requests", "asked": {"features": A_BATCH}} for _ in range(batches)]
    cases += [{"kind": "log", "asked": {"ranks": A_LOG}} for _ in range(logs)]
    rng.shuffle(cases)
    return {"seed": seed, "cases": [{"id": named(seed, at)} | case for at, case in enumerate(cases)]}


def of_system(causes: Mapping[str, str]) -> dict[str, Any]:
    """A system, and what is asked of it: each cause that is there, and that the others are cleared."""
    asked = {cause: 1 for cause, kind in causes.items() if kind}
    sound = len(causes) - len(asked)
    return {"kind": "system", **causes, "asked": asked | ({"cleared": sound} if sound else {})}


def halved(rng: random.Random, kinds: Sequence[str], count: int) -> list[str]:
    """So many kinds: half of them empty, and as many of each as can be."""
    some = [kinds[at % len(kinds)] for at in range(count // 2)]
    return rng.sample(some + [""] * (count - len(some)), count)


def public() -> Plan[Any]:
    """The plan that the lab carries."""
    return draw(1, systems=40, populations=4, batches=1, logs=6)
