"""Stores: in which class data lies, what reading it costs, and what may go."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from plans import After, Fleet, Thing

QUICK, HOURS, DAYS = (1, 2), (12, 24), (72, 96)  # within which it has to be readable

# what is read, within how many hours, the term, a hold
KINDS = (
    ("none", QUICK, "over", False),  # may go
    ("none", QUICK, "over", True),  # a hold
    ("none", QUICK, "ends", False),  # its term ends within the month
    ("early", QUICK, "over", False),  # past its term, and read once a year, not of late
    ("late", QUICK, "over", False),  # so, in the last half year
    ("some", QUICK + HOURS, "on", False),
    ("none", QUICK + DAYS, "on", False),
    ("season", QUICK + HOURS, "on", False),
    ("much", QUICK, "on", False),
)
ONCE = {"early": (range(6), (0.01, 0.2)), "late": (range(6, 12), (0.01, 0.2)), "season": ((0, 0, 4, 9), (0.7, 1.1))}
"""In which of the last twelve months it was read, and how much of it."""
WORDS = (
    ("standard", "hot", "live"),
    ("cool", "nearline", "infrequent"),
    ("archive", "cold", "vault"),
    ("deep", "glacier", "tape"),
)


def drawn_classes(rng: random.Random) -> tuple[list[Thing], str]:
    """Four classes, the cheaper the longer until something can be read, but how long is not told by the price; each
    provider has its own words for them."""
    lie = ((0.018, 0.03), (0.009, 0.014), (0.003, 0.005), (0.0008, 0.0016))
    read = ((0.0, 0.0), (0.008, 0.011), (0.018, 0.024), (0.03, 0.045))
    waits = (0, rng.choice((0, 0, 3)), rng.choice((5, 13, 20)), rng.choice((36, 48, 80)))
    classes: list[Thing] = [
        {
            "class": rng.choice(word), "usd_per_gb": round(rng.uniform(*lies), 4),
            "usd_per_gb_read": round(rng.uniform(*reads), 4), "readable_in_hours": wait,
        }
        for word, lies, reads, wait in zip(WORDS, lie, read, waits, strict=True)
    ]  # fmt: skip
    first: str = classes[0]["class"]
    rng.shuffle(classes)
    return classes, first


def drawn_stores(
    rng: random.Random, hidden: random.Random, now: str, months_ahead: Callable[..., str]
) -> tuple[list[Thing], list[int]]:
    """One of each kind; and what is read of each next month. `hidden` draws what nobody can know."""
    stores, scale = [], rng.uniform(0.5, 1.3)
    for reads, within, term, hold in KINDS:
        size = round(scale * rng.randint(80, 180)) * 1000
        read, next_read = _reads(rng, hidden, reads, size)
        ahead = {"over": -rng.randint(1, 8), "ends": 0, "on": rng.randint(1, 40)}[term]
        until = months_ahead(ahead, rng.randint(2, 28))
        store = {"gb": size, "class": now, "read_gb": read, "readable_within_hours": rng.choice(within)}
        stores.append((store | {"kept_until": until, "hold": hold}, next_read))
    rng.shuffle(stores)
    return [store for store, _ in stores], [read for _, read in stores]


def _reads(rng: random.Random, hidden: random.Random, kind: str, size: int) -> tuple[list[int], int]:
    """GB read in each of the last twelve months, the oldest first, which is next month a year ago; and next month's."""
    if kind == "none":
        return [0] * 12, 0
    if kind in ONCE:
        top, much = rng.choice(ONCE[kind][0]), ONCE[kind][1]
        share = [rng.uniform(*much) if month == top else 0.0 for month in range(12)]
        return [round(size * each) for each in share], round(size * share[0] * hidden.uniform(0.9, 1.1))
    mean = {"some": rng.uniform(0.02, 0.08), "much": rng.uniform(8, 12)}[kind]
    read = [round(size * mean * rng.uniform(0.8, 1.2)) for _ in range(12)]
    return read, round(size * mean * hidden.uniform(0.8, 1.2))


def cost(fleet: Fleet, after: After, reads: Mapping[str, int]) -> float:
    """USD of next month: what lies there, and what is read."""
    return sum(_cost(fleet, each, after.classes[each["name"]], reads[each["name"]]) for each in fleet["stores"])


def _cost(fleet: Fleet, store: Thing, name: str | None, read: int) -> float:
    if name is None:
        return 0.0
    kind = next(each for each in fleet["classes"] if each["class"] == name)
    return float(store["gb"] * kind["usd_per_gb"] + read * kind["usd_per_gb_read"])


def harm(fleet: Fleet, after: After, store: Thing) -> str:
    """What is wrong with where a store is; empty if nothing is."""
    name = after.classes[store["name"]]
    if name is None:
        return _kept(fleet, store)
    waits = next(each["readable_in_hours"] for each in fleet["classes"] if each["class"] == name)
    wanted = store["readable_within_hours"]
    return "" if waits <= wanted else f"readable in {waits} h, wanted within {wanted} h"


def _kept(fleet: Fleet, store: Thing) -> str:
    """Why a store may not be deleted; empty if it may."""
    if store["hold"]:
        return "deleted, and it is on hold"
    if store["kept_until"] >= fleet["month"]:
        return f"deleted, to be kept until {store['kept_until']}"
    return "deleted, and it was read in the last twelve months" if any(store["read_gb"]) else ""


def best(fleet: Fleet, reads: Mapping[str, int]) -> float:
    """The least that stores can cost without harm."""
    return sum(_best(fleet, each, reads[each["name"]]) for each in fleet["stores"])


def _best(fleet: Fleet, store: Thing, read: int) -> float:
    if not _kept(fleet, store):
        return 0.0
    able = [each["class"] for each in fleet["classes"] if each["readable_in_hours"] <= store["readable_within_hours"]]
    return min(_cost(fleet, store, name, read) for name in able)
