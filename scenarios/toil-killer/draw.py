"""Draws the trays of an exam."""

from __future__ import annotations

import random
from itertools import cycle, islice
from typing import Any

from common.names import generator, named

Case = dict[str, Any]
SOUND = ("plain", "waiver unneeded", "small segment", "other order", "other freeze", "worse card")
FAILING = {
    1: ("missing",) * 3 + ("changed",) * 3 + ("not named",) * 3 + ("rows left out",) * 3,
    2: ("same person", "same person", "same person", "had left", "had left", "had left", "same team"),
    4: ("nearer", "4 up", "4 up", "4 up", "absent", "absent", "absent"),
    5: ("plain",) * 5,
    9: ("plain",) * 5,
    12: ("last day", "last day", "last day", "of all", "of all", "of all"),
    **dict.fromkeys((3, 6, 7, 8, 10, 11), ("plain",) * 3),
}
"""Of 60 models that fail, the first step at which they do, and how. What the hurried leave out comes three times."""
LATER = {2: 9, 3: 10, 5: 11, 7: 12, 6: 10, 8: 11, 9: 12}
"""Steps that some of them fail as well, further down."""
WAIVERS = ("over", "not begun", "other step", "other model")
"""That do not count."""
WAIVED = (2, 3, 4, 5, 7, 9, 10, 11, 12)
ODD = ("rows", "segment", "kind")
CONTRADICTIONS = ("portfolio", "inputs", "trained", "author")
CLOSE = (3, 6, 7, 10)
HOSTILE = ("outside", "deep", "deeper", "large", "not finite", "no number", "twice", "key twice", "no text")
EARLIER = (4, 5)
"""Steps before one that is close: they fail, and it is asked about all the same."""
BESIDE = (3, 5, 6, 7, 8, 9, 10, 11)
"""Steps that three of four of those for a person fail as well: they are asked about all the same."""
FIGURED = {3, 5, 6, 7, 8, 9, 10, 11}
"""Steps whose refusal has a figure."""


def draw(seed: int, trays: int = 12) -> Case:
    """A plan of so many trays, an even number: twelve packages in each, a pickle in every other. The world makes them
    from its seed."""
    rng = generator(seed, "packages")
    share = trays / 12
    sound, failing = iter(_sound(rng, round(36 * share))), iter(_failing(rng, round(60 * share)))
    odd, hostile = iter(_odd(rng, 2 * trays)), iter(_hostile(rng, trays * 3 // 2))
    cases: list[Case] = []
    for at in rng.sample(range(trays), trays):
        pickled: Case = {"kind": "hostile", "way": "pickle"}
        packages = [
            *islice(sound, 3), *islice(failing, 5), *islice(odd, 2),
            next(hostile), pickled if at % 2 else next(hostile),
        ]  # fmt: skip
        rng.shuffle(packages)
        cases.append({"id": named(seed, len(cases)), "asked": _asked(packages), "packages": packages})
    return {"seed": seed, "cases": cases}


def public() -> Case:
    """The plan that the lab carries."""
    return draw(7)


def _asked(packages: list[Case]) -> dict[str, int]:
    kinds = [one["kind"] for one in packages]
    asked = {aspect: kinds.count(kind) for kind, aspect in
             (("sound", "approved"), ("failing", "refused"), ("odd", "asked"), ("hostile", "steady"))}  # fmt: skip
    explained = sum(one["kind"] == "failing" and one["steps"][0] in FIGURED for one in packages)
    return asked | ({"explained": explained} if explained else {}) | {"saved": 1}


def _sound(rng: random.Random, count: int) -> list[Case]:
    found: list[Case] = [{"kind": "sound", "way": way} for way in islice(cycle(SOUND), count)]
    for one in found:
        if one["way"] == "waiver unneeded":
            one["waiver"] = "valid"
    return rng.sample(found, count)


def _failing(rng: random.Random, count: int) -> list[Case]:
    kinds = [(step, way) for step, ways in FAILING.items() for way in ways]
    dealt = islice(cycle(rng.sample(kinds, len(kinds))), count)
    found: list[Case] = [{"kind": "failing", "way": way, "steps": [step]} for step, way in dealt]
    may = [one for one in found if one["steps"][0] in LATER]
    for one in rng.sample(may, len(may) // 2):
        one["steps"].append(LATER[one["steps"][0]])
    late = [one for one in found if one["steps"][0] != 1]
    for one, waiver in zip(rng.sample(late, len(late) // 3), cycle(WAIVERS), strict=False):
        one["waiver"] = waiver
    return found


def _odd(rng: random.Random, count: int) -> list[Case]:
    each = count // 6
    ways = [way for way in ODD for _ in range(each)]
    ways += [f"contradiction {what}" for what in islice(cycle(rng.sample(CONTRADICTIONS, 4)), each)]
    found: list[Case] = [{"kind": "odd", "way": way} for way in ways]
    for at, one in enumerate(found):
        if at % 4:
            one["steps"] = [rng.choice(BESIDE)]
    close = zip(CLOSE, rng.sample(("within", "within", "beyond", "beyond"), 4), strict=True)
    for step, side in islice(cycle(close), each):
        earlier: Case = {} if step == 3 else {"steps": [rng.choice(EARLIER)]}
        found.append({"kind": "odd", "way": f"close {step} {side}", **earlier})
    for valid in islice(cycle(("last day", "first day")), count - len(found)):
        step = rng.choice(WAIVED)
        found.append({"kind": "odd", "steps": [step], "waiver": valid, "way": f"waiver {rng.choice(FAILING[step])}"})
    return rng.sample(found, count)


def _hostile(rng: random.Random, count: int) -> list[Case]:
    return [{"kind": "hostile", "way": way} for way in islice(cycle(rng.sample(HOSTILE, len(HOSTILE))), count)]
