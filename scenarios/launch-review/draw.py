"""Draws the launches of an exam. What the tables say, the world draws from each one's id."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING

from common.names import generator, named

from grader.labkit import world

with world(__file__):
    from kinds import WAYS

if TYPE_CHECKING:
    from random import Random

    from casebook.plan import Plan
    from kinds import Launch

ONCE = "figures", "decision", "stops", "spares"
GRAVE = "quality", "cost", "rollback"
OTHERS = "capacity", "segment", "budget", "data"


def draw(seed: int, launches: int = 36) -> Plan[Launch]:
    """A plan: of seven launches two may go, the others are phased or for later, as many of each."""
    rng = generator(seed, "risks")
    go = launches * 2 // 7
    phased = (launches - go) // 2
    risks = [set[str]() for _ in range(go)] + _phased(rng, phased) + _not_yet(rng, launches - go - phased)
    rng.shuffle(risks)
    ways = rng.sample([*islice(cycle(WAYS), launches)], launches)
    cases: list[Launch] = []
    for at, (holds, way) in enumerate(zip(risks, ways, strict=True)):
        asked = dict.fromkeys(ONCE, 1) | ({"offer": 1} if holds else {}) | {"evidence": 3}
        cases.append({"id": named(seed, at), "asked": asked, "holds": sorted(holds), "way": way})
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


def _add(rng: Random, to: list[set[str]], risk: str, many: int) -> None:
    """One risk more, for so many that do not have it."""
    without = [holds for holds in to if risk not in holds]
    for holds in rng.sample(without, min(many, len(without))):
        holds.add(risk)
