"""Draws the season of one exam: how each market writes its batches, what goes wrong on which day, how long the gap is.

`python scenarios/stale-pipeline/draw.py > labs/stale-pipeline/public/plan.json` writes the public season.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from grader.load.traffic import import_file

markets = import_file(Path(__file__).resolve().parents[2] / "labs" / "cast" / "mart" / "markets.py")

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
TARGETS = ("price", "discount", "temperature", "footfall", "sold")
ABSENT = ("late", "late", "down")
BROKEN = ("empty", "empty", "null", "range", "unit", "duplicate", "short", "old", "text", "gone")
SHORTEST_GAP, LONGEST_GAP = 3, 5
SECOND_CHANGE, SPOILT_GAP, ODD = 0.5, 0.4, 0.25
NEVER = 0.8  # of broken batches are never replaced
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
    kinds = _dealt(rng, ABSENT, count), _dealt(rng, BROKEN, count)
    each = [_market(rng, days, public, *of_market) for of_market in zip(*kinds, strict=True)]
    return {"seed": seed, "first": first.isoformat(), "days": days, "markets": each}


def _dealt(rng: random.Random, kinds: Sequence[str], count: int) -> list[str]:
    """A kind for each market, each as often as any other: one that few markets have could be given up."""
    dealt = [kinds[at % len(kinds)] for at in range(count)]
    rng.shuffle(dealt)
    return dealt


def _market(rng: random.Random, days: int, public: bool, absent: str, broken: str) -> dict[str, Any]:
    gap = rng.randint(SHORTEST_GAP, LONGEST_GAP)
    forms = [{"since": -99, "names": FIRST_NAMES, "units": _units(rng, plain=True)}]
    forms.append({"since": -gap, "names": PUBLIC_NAMES if public else _names(rng), "units": _units(rng)})
    if rng.random() < SECOND_CHANGE and not public:
        forms.append({"since": rng.randrange(1, days - 1), "names": _names(rng), "units": _units(rng)})
    incidents = _incidents(rng, days, gap, absent, broken)
    return {"id": f"{rng.getrandbits(32):08x}", "gap": gap, "forms": forms, "incidents": incidents}


def _names(rng: random.Random) -> dict[str, str]:
    """Names that say nothing, all different."""
    chosen = rng.sample([stem + end for stem in STEMS for end in ENDS], len(markets.COLUMNS))
    return dict(zip(markets.COLUMNS, chosen, strict=True))


def _units(rng: random.Random, plain: bool = False) -> dict[str, str]:
    return {column: list(units)[0 if plain else rng.randrange(2)] for column, units in markets.UNITS.items()}


def _incidents(rng: random.Random, days: int, gap: int, absent: str, broken: str) -> list[dict[str, Any]]:
    """Two days with a batch of no use, one or two with wrong labels, some that only look odd; never day 0.

    They come early, so that a pipeline which cannot stand them is known early.
    """
    free = list(range(1, days))
    found = [_absent(rng, _early(rng, free, 2), absent), _broken(rng, _early(rng, free, 2), broken)]
    found += [{"day": _early(rng, free, 2), "kind": "mislabelled"} for _ in range(rng.randint(1, 2))]
    found += [
        {"day": day, "kind": rng.choice(["extra", "shuffled", "busy"])} for day in [0, *free] if rng.random() < ODD
    ]
    if rng.random() < SPOILT_GAP:
        found.append({**_broken(rng, -rng.randint(1, gap), rng.choice(BROKEN)), "until": None})
    return found


def _early(rng: random.Random, free: list[int], among: int) -> int:
    """Takes one of the first free days."""
    day = rng.choice(free[:among])
    free.remove(day)
    return day


def _absent(rng: random.Random, day: int, kind: str) -> dict[str, Any]:
    return {"day": day, "kind": kind, "until": day + (rng.randint(1, 2) if kind == "late" else 1)}


def _broken(rng: random.Random, day: int, kind: str) -> dict[str, Any]:
    until = day + rng.randint(1, 2) if rng.random() >= NEVER else None
    return {"day": day, "kind": kind, "until": until, "column": rng.choice(TARGETS)}


def public_season(count: int = 16, days: int = 6) -> dict[str, Any]:
    """The season that the lab carries."""
    return draw(20260302, count, days, public=True) | {"day_s": 2.0}


def main(_: Sequence[str]) -> None:
    """Write the public season."""
    json.dump(public_season(), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(sys.argv[1:])
