"""Draws the trials of an exam. What the tables say, the world draws from each one's id."""

from __future__ import annotations

from collections import Counter
from itertools import cycle, islice
from typing import TYPE_CHECKING

from common.names import generator, named

from grader.labkit import world

with world(__file__):
    from catalogue import SETTINGS, table
    from kinds import DETECTION, FAULTS
    from streams import CHANGES

if TYPE_CHECKING:
    from random import Random

    from casebook.plan import Plan
    from kinds import Tool, Trial

TOOLS, TRIES, AGAIN = 3, 300, 10
CLEAR, CLEAR_SEASON = 0.1, 0.25
"""A kind is asked for if each tool rings on so small a share of its streams, or leaves out so small a one."""

SELDOM = {"page-up": 5, "page-down": 5}
"""How many times more often these are taken where they can be, which is seldom."""

ONCE = "reproduced", "figures", "choice", "health"
DOES = table()
MOST = 0.6
"""Who finds that share of all kinds finds most. Without a tool that fits, one that misses a kind is such a one: a mean
over kinds would take it."""


def draw(seed: int, trials: int = 30) -> Plan[Trial]:
    """A plan: in half of its trials one tool fits, each place in turn; in the others each fails by another need."""
    rng = generator(seed, "trials")
    fits = [*islice(cycle([0, None, 1, None, 2, None]), trials)]
    rng.shuffle(fits)
    often = Counter(dict.fromkeys(FAULTS, 0))  # in trials without a fit first, since there no need can be forgotten
    bad: dict[int, list[str]] = {}
    for at in sorted(range(trials), key=lambda at: fits[at] is not None):
        bad[at] = sorted(FAULTS, key=lambda fault: (often[fault], rng.random()))[: TOOLS - (fits[at] is not None)]
        often.update(bad[at])
        rng.shuffle(bad[at])
    cases: list[Trial] = []
    for at, fit in enumerate(fits):
        faults = [[] if place == fit else [bad[at].pop()] for place in range(TOOLS)]
        asked = dict.fromkeys(ONCE, 1) | {"limits": 4, "evidence": 3}
        tools, must, season = _trial(rng, faults, fit is None)
        cases.append({"id": named(seed, at), "asked": asked, "tools": tools, "must": must, "season": season})
    return {"seed": seed, "cases": cases}


def public() -> Plan[Trial]:
    """The plan that the lab carries; `lab plan tool-trial --public` writes it."""
    return draw(2, trials=12)


def _trial(rng: Random, faults: list[list[str]], alone: bool) -> tuple[list[Tool], list[str], bool]:
    """Tools that have these faults and no others, and what they have to find; after many tries with other faults.
    `alone`: no tool fits."""
    for at in range(TRIES * len(FAULTS)):
        if at and at % TRIES == 0:
            faults = [[rng.choice(FAULTS)] if each and each != ["kind"] else each for each in faults]
        must, season = sorted(rng.sample(CHANGES, rng.choice((1, 2, 2, 3)))), rng.random() < 0.6
        wanted = [[each for each in fault if each in DETECTION] for fault in faults]
        fit = [
            [
                key
                for key in SETTINGS
                if _has(key, each, must, season) and not (alone and "kind" in each and _mean(key) < MOST)
            ]
            for each in wanted
        ]
        for _ in range(AGAIN if all(fit) else 0):
            keys = [rng.choices(each, [SELDOM.get(key, 1) for key in each])[0] for each in fit]
            if len({*keys}) == TOOLS and _apart(keys, wanted):
                return [{"key": key, "faults": fault} for key, fault in zip(keys, faults, strict=True)], must, season
    raise RuntimeError("no such tools")


def _mean(key: str) -> float:
    """The share of changes that a tool finds, over all kinds."""
    return sum(DOES[key]["rings"][kind] for kind in CHANGES) / len(CHANGES)


def _has(key: str, wanted: list[str], must: list[str], season: bool) -> bool:
    """Whether a tool has the faults `kind` and `season` that are wanted, and clearly so."""
    rings = DOES[key]["rings"]
    found = [rings[kind] for kind in must]
    if any(CLEAR < share < 1 - CLEAR for share in found):
        return False
    if season and CLEAR_SEASON < rings["season"] < 1 - CLEAR_SEASON:
        return False
    return (min(found) < 0.5) == ("kind" in wanted) and (season and rings["season"] > 0.5) == ("season" in wanted)


def _apart(keys: list[str], wanted: list[list[str]]) -> bool:
    """Whether those that are too slow or too noisy are so by far."""
    for fault, least in (("delay", 1.0), ("false", 1.0)):
        values = [max(least, float(DOES[key][fault])) for key in keys]  # type: ignore[literal-required]
        good = [value for value, each in zip(values, wanted, strict=True) if fault not in each]
        bad = [value for value, each in zip(values, wanted, strict=True) if fault in each]
        if bad and min(bad) < 2.6 * max(good, default=least):
            return False
    return True
