"""Draws a season: what happens in which pool on which day, and how large the packings are."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from common.names import generator

if TYPE_CHECKING:
    from nodes import Packing
    from pools import Happens, PoolCase, Season

DAY = ("ordinary",) * 5 + ("launch",) * 4 + ("shift",) * 3
"""Of twelve pools on each day."""

DAYS = 4
NODES = {"gb": range(48, 193, 8), "cores": range(16, 65, 4)}
"""Sizes of the nodes of a packing: hundreds of pairs."""
LAUNCHES = (1.3, 1.8), (2.8, 3.6)
"""Small and large ones, so that no factor does for both."""

LENGTHS = (6, 9), (18, 24)
"""Of launches, in ticks: short and long ones. None begins on the slope of a morning, where who orders
ahead is dear."""

BEGINS = (2, 2, 2, 3, 3, 3, 4, 5, 5, 6, 6, 6)
"""Of twelve pools, the weekdays on which their four days begin; Monday is 0. Each weekday is a tenth of all days or
more, and weekends are three eighths."""


def draw(seed: int, pools: int = 48, packings: int = 48) -> Season:
    """A plan: four days of pools, twelve or a multiple of it, and packings whose nodes suffice."""
    rng, names = generator(seed, "season"), generator(seed, "names")  # a name tells nothing of the season
    kinds = [rng.sample(DAY * (pools // 12), pools) for _ in range(DAYS)]
    bound = rng.sample(("gpu", "cpu") * (pools // 2), pools)
    begins = rng.sample(BEGINS * (pools // 12), pools)
    cases: list[PoolCase | Packing] = [
        pool(rng, name(names), *each) for each in zip(bound, begins, zip(*kinds, strict=True), strict=True)
    ]
    cases += [packing(rng, name(names), at) for at in range(packings)]
    rng.shuffle(cases)
    return {"seed": seed, "cases": cases}


def pool(rng: random.Random, name: str, bound: str, weekday: int, kinds: Sequence[str]) -> PoolCase:
    """A pool: what is scarce in its workers, and what happens on its days. A launch is in the calendar, with the factor
    that is expected; nobody says that a shift comes. Each day keeps or breaks the promise of its kind."""
    days = [happens(rng, kind) for kind in kinds]
    asked = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    asked = {**asked, "bill": DAYS, "steady": DAYS}
    return {"id": name, "bound": bound, "weekday": weekday, "days": days, "asked": asked}


def happens(rng: random.Random, kind: str) -> Happens:
    """On a day: from which tick on, for how many, and times what."""
    if kind == "launch":
        expected = round(rng.uniform(*rng.choice(LAUNCHES)), 2)
        factor = round(expected * rng.uniform(0.9, 1.1), 3)
        begin, ticks = rng.randint(70, 96), rng.randint(*rng.choice(LENGTHS))
        return {"kind": kind, "tick": begin, "ticks": ticks, "expected": expected, "factor": factor}
    if kind == "shift":
        begin, ticks = rng.randint(45, 69), rng.randint(24, 48)
        return {"kind": kind, "tick": begin, "ticks": ticks, "factor": round(rng.uniform(1.6, 2.0), 3)}
    return {"kind": kind}


def packing(rng: random.Random, name: str, at: int) -> Packing:
    """A packing: how many nodes suffice, and how large they are."""
    nodes, (gb, cores) = rng.randint(24, 40), (rng.choice(sizes) for sizes in NODES.values())
    return {"id": name, "day": at % DAYS, "nodes": nodes, "gb": gb, "cores": cores, "asked": {"packed": 1}}


def name(rng: random.Random) -> str:
    return f"{rng.getrandbits(28):07x}"


def public() -> Season:
    """The plan that the lab carries."""
    return draw(20260914, pools=24, packings=16)
