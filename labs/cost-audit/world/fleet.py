"""A fleet as an auditor gets it, made from a seed and a case; and what only next month will tell."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import flows
import machines
import services
import stores
import trainings
from casebook.plan import Case
from plans import Fleet

SERVICES = 8
SMALL, LEVEL = (45, 60), (700, 3500)  # units in a busy hour: of one service, for which a machine would do; of others
TIGHT = 1.0  # of two services: how much larger they are than next month needs; of the others, a number of the fleet
FIRST = (
    "amber", "barley", "cedar", "clover", "copper", "dune", "ember", "fallow", "fen", "flint", "grove", "harrow",
    "heath", "juniper", "loam", "maize", "marsh", "meadow", "millet", "moss", "orchard", "pasture", "quartz",
)  # fmt: skip
SECOND = (
    "atlas", "beacon", "canopy", "delta", "drift", "echo", "fold", "gauge", "grid", "index", "lens", "mosaic", "orbit",
    "parcel", "pulse", "radar", "rain", "scan", "season", "sheet", "soil", "swath", "tile", "trace", "yield", "zone",
)  # fmt: skip


class FleetCase(Case):
    """Whom is asked about, and the first day of the month."""

    fleet: str
    month: str


class Hidden(NamedTuple):
    """Of next month: each service's worst hour in units, GB read of each store."""

    peaks: dict[str, int]
    reads: dict[str, int]


def fleet_of(seed: int, case: FleetCase) -> tuple[Fleet, Hidden]:
    """The document of a case's fleet, and what is hidden of it: that has a generator of its own, so nothing shown tells
    it. Whoever is asked about a fleet again finds the names of the first time, and all else drawn anew."""
    rng, hidden = (random.Random(f"{seed}:{case['id']}{what}") for what in ("", ":next month"))
    same = random.Random(f"{seed}:{case['fleet']}:names")
    month = date.fromisoformat(case["month"])

    def months_ahead(count: int, day: int = 1) -> str:
        return month_after(month, count, day)

    names = _names(same)
    fleet: Fleet = {"fleet": case["fleet"], "month": month.isoformat()}
    fleet["types"] = services.drawn_types(rng, _codes(same, 2))
    scale, loose = rng.uniform(0.5, 2.0), rng.uniform(1.6, 2.4)  # no two fleets save the same, nor the same share
    levels = [rng.uniform(*SMALL), *(scale * rng.uniform(*LEVEL) for _ in range(SERVICES - 1))]
    made = [
        services.drawn_service(rng, hidden, fleet["types"], month.weekday(), months_ahead, level, much)
        for level, much in zip(levels, (loose, TIGHT, TIGHT, *[loose] * (SERVICES - 3)), strict=True)
    ]
    rng.shuffle(made)
    fleet["services"] = [{"name": next(names)} | service | {"depends_on": []} for service, _ in made]
    fleet["running"], fleet["offers"] = services.drawn_commitments(rng, fleet["types"], fleet["services"])
    fleet["pools"] = trainings.drawn_pools(rng, [f"spot-{code}" for code in _codes(same, 3)])
    drawn = trainings.drawn_trainings(rng, fleet["pools"])
    fleet["trainings"] = [{"name": next(names)} | training | {"depends_on": []} for training in drawn]
    fleet["classes"], now = stores.drawn_classes(rng)
    drawn, read = stores.drawn_stores(rng, hidden, now, months_ahead)
    fleet["stores"] = [{"name": next(names)} | store for store in drawn]
    regions = [
        f"{name}-{same.randint(1, 9)}"
        for name in same.sample(("north", "south", "east", "west", "central"), flows.REGIONS)
    ]
    fleet["zones"], fleet["transfer"] = flows.drawn_transfer(rng, regions)
    fleet["flows"] = [{"name": next(names)} | flow for flow in flows.drawn_flows(rng, fleet["zones"], regions)]
    some = [next(names) for _ in range(machines.COUNT)]
    fleet["machines"] = machines.drawn_machines(rng, some, fleet, months_ahead, next(names))
    _depend_on_each_other(rng, fleet)
    peaks = {service["name"]: peak for service, (_, peak) in zip(fleet["services"], made, strict=True)}
    reads = {store["name"]: gb for store, gb in zip(fleet["stores"], read, strict=True)}
    return fleet, Hidden(peaks, reads)


def known_as(fleet: Fleet) -> str:
    """How people call a fleet's document."""
    return f"{fleet['fleet']}, {fleet['month'][:7]}"


def month_after(month: date, count: int, day: int = 1) -> str:
    """The date of a day in the month `count` months later, in ISO form."""
    at = month.year * 12 + month.month - 1 + count
    return date(at // 12, at % 12 + 1, day).isoformat()


def _names(rng: random.Random) -> Iterator[str]:
    every = [f"{first}-{second}" for first in FIRST for second in SECOND]
    rng.shuffle(every)
    return iter(every)


def _codes(rng: random.Random, count: int) -> list[str]:
    letters = rng.sample("abcdefghkmnprstvwxz", count)
    return [f"{letter}{rng.randint(2, 9)}" for letter in letters]


def _depend_on_each_other(rng: random.Random, fleet: Fleet) -> None:
    """Some services read stores and other services: most of what is depended on is no idle machine."""
    for service in fleet["services"]:
        service["depends_on"] += [each["name"] for each in rng.sample(fleet["stores"], rng.randint(0, 2))]
        rng.shuffle(service["depends_on"])
    for training in fleet["trainings"]:
        training["depends_on"] += [each["name"] for each in rng.sample(fleet["stores"], 1)]
        rng.shuffle(training["depends_on"])
