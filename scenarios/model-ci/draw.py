"""Draws the bundles of an exam."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle, islice
from typing import TYPE_CHECKING, TypeVar

from common.names import generator, named

from grader.labkit import world

with world(__file__):
    from kinds import ASPECTS, WAYS

if TYPE_CHECKING:
    from random import Random

    from kinds import Bundle
    from world import Queue

Each = TypeVar("Each")
TEAMS = (
    "larch", "spruce", "cedar", "alder", "rowan", "maple", "aspen", "hazel", "birch", "juniper", "willow", "linden",
)  # fmt: skip
COUNT = 6
SEEN = {
    "load": ("cut", "raises", "one short", "not a number", "over one"), "slow": ("always",), "memory": (),
    "quality": ("by heart", "everywhere"), "leak": ("on the card",), "unsteady": ("each call", "state"),
}  # fmt: skip
"""Of each kind the ways that a check sees which asks no more than the shipped one does."""
LOADS = {
    "exits": 4, "kills itself": 4, "hangs": 2, "loops": 2, "raises": 2, "one short": 2, "not a number": 2,
    "over one": 2, "cut": 1,
}  # fmt: skip
"""How often each way not to load or answer comes. What hangs costs an exam the time that a gate waits; one given up
is two, which is no pass."""
FIT = dict.fromkeys(WAYS["fit"], 2) | {"talks": 9, "warm-up": 9, "slower": 3, "long load": 3, "small slice": 3}
"""How often each way of a fit one comes. Who reads answers from a model's stdout, or takes the mean of its calls,
rejects one way: more of them than may be lost."""
EACH, OF_SEEN, THROUGH, BACK = 13, 4, 18, 19
"""Bundles of each unfit kind, and how many of them are seen easily (but for `LOADS`); fit ones that work in
staging, and that do not."""


def draw(seed: int, each: int = EACH, seen: int = OF_SEEN, through: int = THROUGH, back: int = BACK) -> Queue:
    """A plan: bundles of each kind in any order, as many of each team; the world makes them from its seed."""
    rng = generator(seed, "bundles")
    cases: list[Bundle] = []
    for kind, aspect in ASPECTS.items():
        for way in _ways(rng, kind, each, seen):
            cases.append({"id": "", "team": 0, "kind": kind, "way": way, "asked": {aspect: 1, "explained": 1}})
    fit = [way for way, count in FIT.items() for _ in range(count)]
    if len(fit) != through + back:
        fit = _dealt(rng, WAYS["fit"], through) + _dealt(rng, WAYS["fit"], back)
    ways = iter(rng.sample(fit, len(fit)))
    for way in islice(ways, through):
        cases.append({"id": "", "team": 0, "kind": "fit", "way": way, "asked": {"lets-through": 1}})
    for way in ways:
        asked = {"lets-through": 1, "rolled-back": 1}
        cases.append({"id": "", "team": 0, "kind": "fit", "way": way, "strict": True, "asked": asked})
    rng.shuffle(cases)
    teams = _dealt(rng, range(COUNT), len(cases))
    for at, case in enumerate(cases):
        case["id"], case["team"] = named(seed, at), teams[at]
    return {"seed": seed, "cases": cases, "teams": rng.sample(TEAMS, COUNT)}


def public() -> Queue:
    """The plan that the lab carries: each way is there."""
    return draw(3, each=6, seen=2, through=10, back=4)


def _ways(rng: Random, kind: str, each: int, seen: int) -> list[str]:
    if kind == "load":
        return [way for way, count in LOADS.items() for _ in range(count if each == EACH else 1)]
    hidden = [way for way in WAYS[kind] if way not in SEEN[kind]]
    if not SEEN[kind]:
        return _dealt(rng, hidden, each)
    return _dealt(rng, hidden, each - seen) + _dealt(rng, SEEN[kind], seen)


def _dealt(rng: Random, of: Iterable[Each], count: int) -> list[Each]:
    """As many of each, as far as that goes, in any order."""
    whole = list(of)
    return rng.sample(list(islice(cycle(rng.sample(whole, len(whole))), count)), count)
