"""Draws the season of one exam: how each market writes its batches, what goes wrong on which day, how long the gap is.

`python scenarios/stale-pipeline/draw.py > labs/stale-pipeline/public/plan.json` writes the public season.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from grader.labkit import import_shared

markets = import_shared(__file__, "mart/markets.py")

FIRST_NAMES = {
    "sku": "sku",
    "date": "sold_on",
    "price": "price_eur",
    "discount": "discount",
    "temperature": "temp_c",
    "footfall": "visitors",
    "sold": "sold",
}
PUBLIC_NAMES = {
    "sku": "article",
    "date": "business_day",
    "price": "unit_price_cent",
    "discount": "discount_pct",
    "temperature": "temp_f",
    "footfall": "footfall",
    "sold": "qty",
}
STEMS = ("amount", "value", "qty", "rate", "level", "index", "measure", "figure", "total", "field", "unit_price_cent")
ENDS = ("", "_1", "_2", "_a", "_x", "_net", "_new", "_v2")
ABSENT = ("late", "late", "down")
EMPTY = ("empty",) * 3  # a class of its own, since no row of it breaks a rule: far more than is forgiven
BROKEN = (*EMPTY, "null", "range", "unit", "duplicate", "short", "old", "text", "gone")
ANYWHERE = ("null", "gone")  # these happen to any column, others to numbers
SHORTEST_GAP, LONGEST_GAP = 4, 8
CHANGES = (0, 2, 2, 3, 3)
UNITS_ALONE = 0.7  # of changes are of units of one or two columns alone
NEAR, LARGER = (1.2, 2.0), 0.75
SPOILT_GAP = (1, 2, 2, 3)
MISLABELLED = (0, 1, 2, 2, 2)
ODD, ABSENT_ALONE, LACKING = 0.25, 0.6, 0.5
LATEST = 4  # nights after its own
NEVER, NEVER_IN_GAP = 0.8, 0.7
OWN_UNIT = 1 / 3
LIMITS = {
    "price": ((0.0, 0.15), (40, 80)),
    "discount": ((-0.1, 0.0), (0.52, 0.9)),
    "temperature": ((-30, -18), (34, 60)),
    "footfall": ((0, 20), (3200, 8000)),
    "sold": ((-20, 0), (280, 600)),
}
"""Within these a contract's limits are drawn; no sound value comes near."""
FEWEST_ROWS = (15, 50)
FIRST = date(2026, 1, 5)


def draw(seed: int, count: int, days: int, public: bool = False) -> dict[str, Any]:
    """A plan as the mart takes it.

    Args:
        seed: of the plan and of all its numbers.
        count: markets.
        days: of the season.
        public: whether all markets have the same, public, new form.
    """
    rng = random.Random(f"{seed}:season")
    first = FIRST + timedelta(days=rng.randrange(300))
    dark = rng.randrange(1, days - 1)
    roles = ["long"] * (count // 4) + ["first"] * (count * 11 // 24)
    roles += [""] * (count - len(roles))
    rng.shuffle(roles)
    kinds = _dealt(rng, ABSENT, count), _dealt(rng, BROKEN, count)
    each = [_market(rng, days, public, dark, *of_market) for of_market in zip(roles, *kinds, strict=True)]
    return {"seed": seed, "first": first.isoformat(), "days": days, "markets": each}


def _dealt(rng: random.Random, kinds: Sequence[str], count: int) -> list[str]:
    """A kind for each market, each as often as any other: one that few markets have could be given up."""
    dealt = [kinds[at % len(kinds)] for at in range(count)]
    rng.shuffle(dealt)
    return dealt


def _market(
    rng: random.Random, days: int, public: bool, dark: int, role: str, absent: str, broken: str
) -> dict[str, Any]:
    gap = rng.randint(SHORTEST_GAP, LONGEST_GAP)
    forms = [{"since": -99, "names": FIRST_NAMES, "units": _units(rng, plain=True)}]
    forms.append(_form(rng, -gap) | ({"names": PUBLIC_NAMES} if public else {}))
    if not public:
        for since in sorted(rng.sample(range(1, days), rng.choice(CHANGES))):
            alone = rng.random() < UNITS_ALONE
            forms.append(_other_units(rng, forms[-1], since) if alone else _form(rng, since))
    incidents = _incidents(rng, days, gap, dark, role, absent, broken)
    lacking = [day for day in range(-gap, 0) if rng.random() < LACKING]
    name = f"{rng.getrandbits(32):08x}"
    return {"id": name, "gap": gap, "lacking": lacking, "forms": forms, "incidents": incidents}


def _form(rng: random.Random, since: int) -> dict[str, Any]:
    """Names, units and limits that nobody can know."""
    scales = {column: _scale(rng, column) for column in markets.UNITS if rng.random() < OWN_UNIT}
    return {
        "since": since,
        "names": _names(rng),
        "units": _units(rng) | dict.fromkeys(scales, "own"),
        "scales": scales,
        "limits": {column: [rng.uniform(*low), rng.uniform(*high)] for column, (low, high) in LIMITS.items()},
        "min_rows": rng.randint(*FEWEST_ROWS),
    }


def _other_units(rng: random.Random, form: dict[str, Any], since: int) -> dict[str, Any]:
    """The same form with other units of one or two columns, mostly a little larger ones: then the old limits have room
    for the new values, and nothing but the version that a batch names tells them apart."""
    units, scales = dict(form["units"]), dict(form["scales"])
    for column in rng.sample(list(units), rng.choice((1, 1, 2))):
        factor, offset = scales.get(column) or markets.UNITS[column][units[column]]
        times = rng.uniform(*NEAR) ** (1 if rng.random() < LARGER else -1)
        units[column], scales[column] = "own", [round(factor * times, 5), offset]
    return form | {"since": since, "units": units, "scales": scales}


def _scale(rng: random.Random, column: str) -> list[float]:
    """Factor and offset of a unit of the market's own."""
    return [round(rng.uniform(0.1, 8.0), 3), round(rng.uniform(-300, 50), 1) if column == "temperature" else 0.0]


def _names(rng: random.Random) -> dict[str, str]:
    """Names that say nothing, all different."""
    chosen = rng.sample([stem + end for stem in STEMS for end in ENDS], len(markets.COLUMNS))
    return dict(zip(markets.COLUMNS, chosen, strict=True))


def _units(rng: random.Random, plain: bool = False) -> dict[str, str]:
    return {column: list(units)[0 if plain else rng.randrange(2)] for column, units in markets.UNITS.items()}


def _incidents(
    rng: random.Random, days: int, gap: int, dark: int, role: str, absent: str, broken: str
) -> list[dict[str, Any]]:
    """What is special about a market's days.

    On the dark night no market has a batch. Another one is broken. A "first" market has a broken one on the first night
    and on one of the last two, a "long" one none of use for four or five nights. In most others one of these batches is
    absent, not broken. Some days, often one after the other, have wrong labels; others only look odd.
    """
    found = [_absent(rng, dark, absent)]
    free = [day for day in range(days) if day != dark]
    if role == "first":
        found.append(_broken(rng, _taken(rng, free, [0]), rng.choice(BROKEN)))
    if role == "long":
        length = rng.choice([days - 2, days - 1])
        start = rng.randint(1, days - length)
        found[0]["until"] = max(start + length, dark + 1)
        for day in [day for day in range(start, start + length) if day in free]:
            free.remove(day)
            kind = rng.choice(ABSENT + BROKEN)
            until = start + length if kind in ABSENT else None
            found.append(_broken(rng, day, kind) | {"until": until})
    else:
        last = [day for day in free if day >= days - 2] if role == "first" else free[1:]
        found.append(_broken(rng, _taken(rng, free, last), broken))
        if broken not in EMPTY and rng.random() < ABSENT_ALONE:
            at = rng.randrange(1, len(found))
            found[at] = _absent(rng, found[at]["day"], rng.choice(ABSENT))
        later = [day for day in free if day > 0]
        wrong = min(rng.choice(MISLABELLED), len(later))
        start = rng.randint(0, len(later) - wrong)
        for day in later[start : start + wrong]:
            found.append({"day": _taken(rng, free, [day]), "kind": "mislabelled"})
    found += [{"day": day, "kind": rng.choice(["extra", "shuffled", "busy"])} for day in free if rng.random() < ODD]
    for day in rng.sample(range(-gap, 0), rng.choice(SPOILT_GAP)):
        until = None if rng.random() < NEVER_IN_GAP else rng.randint(1, LATEST)
        found.append(_broken(rng, day, rng.choice(ABSENT + BROKEN)) | {"until": until})
    return found


def _taken(rng: random.Random, free: list[int], among: list[int]) -> int:
    """Takes one of some free days."""
    day = rng.choice(among)
    free.remove(day)
    return day


def _absent(rng: random.Random, day: int, kind: str) -> dict[str, Any]:
    return {"day": day, "kind": kind, "until": day + rng.randint(1, LATEST)}


def _broken(rng: random.Random, day: int, kind: str) -> dict[str, Any]:
    until = day + rng.randint(1, LATEST) if rng.random() >= NEVER else None
    columns = markets.COLUMNS if kind in ANYWHERE else markets.NUMBERS
    return {"day": day, "kind": kind, "until": until, "column": rng.choice(columns)}


def public(count: int = 16, days: int = 6) -> dict[str, Any]:
    """The season that the lab carries."""
    return draw(20260302, count, days, public=True) | {"day_s": 2.0}
