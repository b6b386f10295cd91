"""Draws the launches of an exam. What the tables say, the world draws from each one's id."""

from __future__ import annotations

import math
from itertools import cycle, islice
from typing import TYPE_CHECKING

from common.names import generator, named

from grader.labkit import world

with world(__file__):
    from kinds import ROOM, WAYS

if TYPE_CHECKING:
    from random import Random

    from collections.abc import Sequence

    from casebook.plan import Plan
    from kinds import Launch

ONCE = "figures", "decision", "stops", "spares"
GRAVE = "quality", "cost", "rollback"
OTHERS = "capacity", "segment", "budget", "data"
HOURS = 4, 6, 8, 12, 16, 24
STEPS = 0.006, 0.3
"""The least share of a first step, from the smallest launch's to the largest's."""
FITS = 1.1 * ROOM
"""Launches whose needs are farther apart have no first step in common; a tenth is for what is forgiven, and rounding."""


def draw(seed: int, launches: int = 36) -> Plan[Launch]:
    """A plan: of seven launches two may go, the others are phased or for later, as many of each."""
    rng = generator(seed, "risks")
    go = launches * 2 // 7
    phased = (launches - go) // 2
    risks = [set[str]() for _ in range(go)] + _phased(rng, phased) + _not_yet(rng, launches - go - phased)
    rng.shuffle(risks)
    ways = rng.sample([*islice(cycle(WAYS), launches)], launches)
    cases: list[Launch] = []
    hours, steps = _first_steps(rng, risks)
    for at, (holds, way) in enumerate(zip(risks, ways, strict=True)):
        asked = dict.fromkeys(ONCE, 1) | ({"offer": 1} if holds else {}) | {"evidence": 3}
        told = {"id": named(seed, at), "asked": asked}
        cases.append({**told, "holds": sorted(holds), "way": way, "hours": hours[at], "step": steps[at]})
    return {"seed": seed, "cases": cases}


def public() -> Plan[Launch]:
    """The plan that the lab carries; `lab plan launch-review --public` writes it."""
    return draw(2, launches=14)


def _phased(rng: Random, many: int) -> list[set[str]]:
    """Each has one risk at least; a third has a second one."""
    found = [{risk} for risk in islice(cycle(OTHERS), many)]
    for risk in ("capacity", "segment", "budget"):
        _add(rng, found, risk, many // 4)
    return found


def _not_yet(rng: Random, many: int) -> list[set[str]]:
    """Each has one grave risk at least; most have others beside it."""
    found = [{risk} for risk in islice(cycle(GRAVE), many)]
    for risk in GRAVE:
        _add(rng, found, risk, many // 4)
    sure = [holds for holds in found if holds & {"cost", "rollback"}]
    _add(rng, sure, "data", many // 4)
    for risk in ("capacity", "segment", "budget"):
        _add(rng, found, risk, many * 2 // 5)
    return found


def _first_steps(rng: Random, risks: Sequence[set[str]]) -> tuple[list[int], list[float]]:
    """The most hours of each first step, and its least share in them. Of those that are offered there are as many of each
    size, the larger ones where capacity bounds them; drawn until no share times hours fits more than a third of them."""
    low, high = map(math.log, STEPS)
    hours, steps = [rng.choice(HOURS) for _ in risks], [math.exp(rng.uniform(low, high)) for _ in risks]
    offered = [at for at, holds in enumerate(risks) if holds]
    offered.sort(key=lambda at: ("capacity" in risks[at], rng.random()))
    for place, at in enumerate(offered):
        steps[at] = math.exp(low + (high - low) * (place + rng.random()) / len(offered))
    while True:
        for at in offered:
            hours[at] = rng.choice(HOURS)
        needed = sorted(hours[at] * steps[at] for at in offered)
        third = len(offered) // 3
        if all(more > FITS * each for each, more in zip(needed, needed[third:], strict=False)):
            return hours, [float(f"{each:.3g}") for each in steps]


def _add(rng: Random, to: list[set[str]], risk: str, many: int) -> None:
    """One risk more, for so many that do not have it."""
    without = [holds for holds in to if risk not in holds]
    for holds in rng.sample(without, min(many, len(without))):
        holds.add(risk)
