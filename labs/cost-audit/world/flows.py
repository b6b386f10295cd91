"""Flows: data that goes from one place to another, and what may be done about its price."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from plans import After, Fleet, Thing

REGIONS, ZONES = 3, 2
OUT = "internet"


def drawn_transfer(rng: random.Random, regions: Sequence[str]) -> tuple[dict[str, str], Thing]:
    """Zones by region, and USD a GB: within a region, between two, and out."""
    zones = {f"{region}{letter}": region for region in regions for letter in "abc"[:ZONES]}
    between = {
        f"{one}|{other}": round(rng.uniform(0.04, 0.07), 3)
        for at, one in enumerate(regions)
        for other in regions[at + 1 :]
    }
    prices = {"same_zone": 0.0, "same_region": 0.01, "between": between, OUT: round(rng.uniform(0.08, 0.11), 3)}
    return zones, prices | {"compression": round(rng.uniform(0.003, 0.006), 4)}


def drawn_flows(rng: random.Random, zones: Mapping[str, str], regions: Sequence[str]) -> list[Thing]:
    """One of each kind: free to stand beside what sends it (far, near), bound to its region (twice), going out.

    The far one is large and compressed already, so that half of what can be saved is saved by moving, and half by
    compressing. One that is bound looks just like it: only the law tells them apart.
    """

    def place(region: str) -> str:
        return rng.choice([zone for zone, of in zones.items() if of == region])

    scale = rng.uniform(0.6, 1.6)

    def flow(begin: str, end: str, may: Collection[str], size: tuple[int, int], small: bool = True) -> Thing:
        return {
            "gb": round(scale * rng.randint(*size)) * 1000,
            "from": begin,
            "to": end,
            "may_stand_in": rng.sample(sorted(may), len(may)),
            "compresses_to": round(rng.uniform(0.25, 0.5) if small else rng.uniform(0.96, 0.99), 2),
        }

    def apart(also_at_sender: bool, elsewhere: bool, size: tuple[int, int], small: bool = True) -> Thing:
        """A flow between two regions, and whether it may be read where it comes from, and in the third."""
        one, here, third = rng.sample(regions, 3)
        may = {here} | ({one} if also_at_sender else set()) | ({third} if elsewhere else set())
        return flow(place(one), place(here), may, size, small)

    near = rng.choice(regions)
    begin, end = rng.sample([zone for zone, of in zones.items() if of == near], 2)
    flows = [
        apart(True, rng.random() < 0.5, (120, 160), small=False),
        apart(False, True, (120, 160), small=False),
        apart(False, rng.random() < 0.3, (120, 160)),
        flow(begin, end, {near}, (60, 100), rng.random() < 0.5),
        flow(place(rng.choice(regions)), OUT, set(), (60, 80)),
    ]
    rng.shuffle(flows)
    return flows


def price(fleet: Fleet, begin: str, end: str) -> float:
    """USD a GB from one zone to another, or out."""
    prices: dict[str, Any] = fleet["transfer"]
    if end == OUT:
        return float(prices[OUT])
    if begin == end:
        return float(prices["same_zone"])
    one, other = fleet["zones"][begin], fleet["zones"][end]
    if one == other:
        return float(prices["same_region"])
    between = prices["between"]
    return float(between.get(f"{one}|{other}", between.get(f"{other}|{one}")))


def cost(fleet: Fleet, after: After) -> float:
    """USD of next month."""
    return sum(
        _cost(fleet, each, after.places[each["name"]], each["name"] in after.compressed) for each in fleet["flows"]
    )


def _cost(fleet: Fleet, flow: Thing, end: str, compressed: bool) -> float:
    each = price(fleet, flow["from"], end)
    if compressed:
        each = each * flow["compresses_to"] + fleet["transfer"]["compression"]
    return float(flow["gb"] * each)


def harm(fleet: Fleet, after: After, flow: Thing) -> str:
    """Why what reads a flow may not stand where it does; empty if it may."""
    end = after.places[flow["name"]]
    if end == OUT or fleet["zones"][end] in flow["may_stand_in"]:
        return ""
    return f"reads in {end}, may only in {', '.join(sorted(flow['may_stand_in']))}"


def best(fleet: Fleet) -> float:
    """The least that flows can cost without harm."""
    return sum(_best(fleet, each) for each in fleet["flows"])


def _best(fleet: Fleet, flow: Thing) -> float:
    ends = [zone for zone, region in fleet["zones"].items() if region in flow["may_stand_in"]] or [flow["to"]]
    return min(_cost(fleet, flow, end, compressed) for end in ends for compressed in (False, True))
