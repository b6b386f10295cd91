"""Draws the launches of an exam. What the tables say, the world draws from each one's id."""

from __future__ import annotations

import math
from itertools import cycle, islice
from typing import TYPE_CHECKING

from common.names import generator, named

from grader.labkit import world

with world(__file__):
    from kinds import FAULTS, ROOM, TIGHT, UNSAID, WAYS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from casebook.plan import Plan
    from kinds import Launch

ONCE = "figures", "decision", "stops", "spares"
HOURS = 4, 6, 8, 12, 16, 24
STEPS = 0.006, 0.3
"""The least share of a first step, from the smallest launch's to the largest's."""
FITS = 1.1 * ROOM
"""Launches whose needs are farther apart have no first step in common: a tenth is forgiven, or rounded."""


def draw(seed: int, launches: int = 36) -> Plan[Launch]:
    """A plan: of eighteen launches three may go, five are phased, and ten are for later."""
    rng = generator(seed, "risks")
    go, phased = launches // 6, launches * 5 // 18
    risks = [set[str]() for _ in range(go)] + _phased(rng, phased) + _not_yet(rng, launches - go - phased)
    rng.shuffle(risks)
    ways = rng.sample([*islice(cycle(WAYS), launches)], launches)
    hours, steps = _first_steps(rng, risks)
    late = [at for at, holds in enumerate(risks) if "rollback" in holds]
    faults = dict(zip(late, rng.sample([*islice(cycle(FAULTS), len(late))], len(late)), strict=True))
    cases: list[Launch] = []
    for at, (holds, way) in enumerate(zip(risks, ways, strict=True)):
        looks = holds & UNSAID if "data" in holds else set[str]()
        asked = dict.fromkeys(ONCE, 1) | ({"offer": 1} if holds else {}) | {"evidence": 3}
        cases.append(
            {
                "id": named(seed, at), "asked": asked, "holds": sorted(holds - looks),
                "looks": sorted(looks), "way": way,
                "fault": faults.get(at, ""), "hours": hours[at], "step": steps[at],
            }
        )  # fmt: skip
    return {"seed": seed, "cases": cases}


def public() -> Plan[Launch]:
    """The plan that the lab carries; `lab plan launch-review --public` writes it."""
    return draw(2, launches=14)


def _phased(rng: Random, many: int) -> list[set[str]]:
    """Half have a bad segment, and most others too small a shadow; half each have too little capacity, and budget."""
    bad, small = many // 2, many * 2 // 5
    found = [{"segment"} for _ in range(bad)] + [{"data"} for _ in range(small)]
    found += [{rng.choice(("capacity", "budget"))} for _ in range(many - bad - small)]
    for risk in ("capacity", "budget"):
        _add(rng, found, risk, many // 2 - sum(risk in holds for holds in found))
    _look_bad(rng, found)
    return found


def _not_yet(rng: Random, many: int) -> list[set[str]]:
    """Of five three have no rollback, and one each nothing but quality or cost that is grave."""
    alone = many // 5
    found = [{"quality"} for _ in range(alone)] + [{"cost"} for _ in range(alone)]
    no_way_back: list[set[str]] = [{"rollback"} for _ in range(many - 2 * alone)]
    for risk in ("quality", "cost"):
        _add(rng, no_way_back, risk, len(no_way_back) // 4)
    found += no_way_back
    _add(rng, [holds for holds in found if "quality" not in holds], "data", many // 6)
    for risk in ("capacity", "segment", "budget"):
        _add(rng, found, risk, many * 7 // 20)
    _look_bad(rng, found)
    return found


def _look_bad(rng: Random, among: Sequence[set[str]]) -> None:
    """Shadows that are too small look bad, nearly all of them: of quality and segment nothing is said then."""
    for holds in among:
        if "data" in holds and rng.random() < 0.9:
            holds.add(rng.choice(("quality", "segment")))


def _first_steps(rng: Random, risks: Sequence[set[str]]) -> tuple[list[int], list[float]]:
    """The most hours of each first step, and its least share in them. Of those that are offered there are as many of
    each size, the larger ones for three of five that capacity bounds; drawn until no share times hours fits more than a
    third of them."""
    low, high = map(math.log, STEPS)
    hours, steps = [rng.choice(HOURS) for _ in risks], [math.exp(rng.uniform(low, high)) for _ in risks]
    offered = [at for at, holds in enumerate(risks) if holds]
    sizes = [math.exp(low + (high - low) * (place + rng.random()) / len(offered)) for place in range(len(offered))]
    short = [at for at in offered if "capacity" in risks[at]]
    rng.shuffle(short)
    bound = short[: round(0.6 * len(short))]
    for some, fit in ((bound, [size for size in sizes if size > TIGHT]),
                      (short[len(bound):], [size for size in sizes if size <= TIGHT])):  # fmt: skip
        for at, size in zip(some, rng.sample(fit, len(some)), strict=True):
            steps[at] = size
            sizes.remove(size)
    rng.shuffle(sizes)
    for at in offered:
        if at not in short:
            steps[at] = sizes.pop()
    while True:
        for at in offered:
            hours[at] = rng.choice(HOURS)
        needed = sorted(hours[at] * steps[at] for at in offered)
        third = len(offered) // 3
        if all(more > FITS * each for each, more in zip(needed, needed[third:], strict=False)):
            return hours, [float(f"{each:.3g}") for each in steps]


def _add(rng: Random, to: Sequence[set[str]], risk: str, many: int) -> None:
    """One risk more, for so many that do not have it."""
    without = [holds for holds in to if risk not in holds]
    for holds in rng.sample(without, max(0, min(many, len(without)))):
        holds.add(risk)
