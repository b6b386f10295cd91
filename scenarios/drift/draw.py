"""Draws the streams of one exam: how long each lives, what goes wrong on the way, and whether and when it changes.

`python scenarios/drift/draw.py > labs/drift/public/plan.json` writes the public streams.
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

domains = import_file(Path(__file__).resolve().parents[2] / "labs" / "cast" / "warehouse" / "domains.py")

HIDDEN = ("orders", "loans", "coldchain", "claims")
PUBLIC = ("parcels", "orders")
ROUNDS, SHORTEST, LONGEST = 33, 8, 14
DRIFT_DAYS, CONCEPT_DAYS = 4, 7
RAMP = 3
CALM = 0.2
BROKEN = 0.85
FIRST = date(2026, 1, 5)

Happening = dict[str, Any]


def draw(seed: int, lanes: int, names: Sequence[str] = HIDDEN) -> dict[str, Any]:
    """A plan as the warehouse takes it: three streams a lane, `ROUNDS` days together.

    Args:
        seed: of the plan and of all its numbers.
        lanes: how many streams run side by side.
        names: domains to choose from.
    """
    rng = random.Random(f"{seed}:plan")
    lengths = [(lane, days) for lane in range(lanes) for days in _lengths(rng)]
    calm = round(CALM * len(lengths))
    changes = ["calm"] * calm + [("drift", "concept")[n % 2] for n in range(len(lengths) - calm)]
    rng.shuffle(changes)
    streams = [_stream(rng, lane, days, change, names) for (lane, days), change in zip(lengths, changes, strict=True)]
    return {"seed": seed, "streams": streams}


def _lengths(rng: random.Random) -> tuple[int, int, int]:
    while True:
        first, second = rng.randint(SHORTEST, LONGEST), rng.randint(SHORTEST, LONGEST)
        if SHORTEST <= ROUNDS - first - second <= LONGEST:
            return first, second, ROUNDS - first - second


def _stream(rng: random.Random, lane: int, days: int, change: str, names: Sequence[str]) -> dict[str, Any]:
    domain = domains.DOMAINS[rng.choice(names)]
    first = FIRST + timedelta(days=rng.randrange(300))
    happenings, quiet = _change(rng, domain, days, change)
    free = list(range(1, quiet))
    if free and rng.random() < BROKEN:
        day = rng.choice(free)
        happenings.append(_broken(rng, domain, day))
    taken = {happening["day"] for happening in happenings}
    happenings += _days(rng, [day for day in range(quiet) if day not in taken], first)
    return {
        "id": f"{rng.getrandbits(48):012x}",
        "lane": lane,
        "domain": domain.name,
        "first": first.isoformat(),
        "days": days,
        "happenings": happenings,
    }


def _change(rng: random.Random, domain: Any, days: int, change: str) -> tuple[list[Happening], int]:
    """A stream's change, if it has one, and how many quiet days come before it.

    It comes on any day that leaves time to judge it: neither a stream's age nor its end tells when.
    """
    if change == "drift":
        happening = _drift(rng, domain)
        needs = DRIFT_DAYS + happening.get("ramp", 1) - 1
    elif change == "concept":
        happening = rng.choice([{"kind": "raised", "size": _between(rng, 1.7, 2.3)}, {"kind": "scrambled"}])
        needs = CONCEPT_DAYS
    else:
        return [], days
    day = rng.randint(1, days - needs)
    return [{**happening, "day": day}], day


def _drift(rng: random.Random, domain: Any) -> Happening:
    kind = rng.choice(["shift", "slow", "spread", "mix"])
    if kind == "mix":
        return {"kind": "mix", "column": rng.choice(domain.categories).name, "size": _between(rng, 0.45, 0.6)}
    column = rng.choice(domain.numbers).name
    if kind == "spread":
        return {"kind": "spread", "column": column, "size": _between(rng, 2.4, 3.2)}
    size = rng.choice([-1, 1]) * _between(rng, 1.3, 1.9)
    return {"kind": "shift", "column": column, "size": size, "ramp": RAMP if kind == "slow" else 1}


def _broken(rng: random.Random, domain: Any, day: int) -> Happening:
    kind = rng.choice(["unit", "unit", "constant", "empty", "gone", "recoded"])
    if kind == "unit":
        number = rng.choice(domain.numbers)
        factor, offset = rng.choice(number.units)
        return {"kind": kind, "day": day, "column": number.name, "size": factor, "offset": offset}
    columns = [c.name for c in domain.categories] if kind == "recoded" else list(domain.columns)
    return {"kind": kind, "day": day, "column": rng.choice(columns)}


def _days(rng: random.Random, free: list[int], first: date) -> list[Happening]:
    """Days that are different and fine: a holiday, a sale, a day on which few rows came."""
    found = []
    for kind, share in (("holiday", 0.4), ("sale", 0.4), ("thin", 0.5)):
        days = [day for day in free if (first + timedelta(days=day)).weekday() < 5]
        if days and rng.random() < share:
            day = rng.choice(days)
            free = [each for each in free if each != day]
            size = {"sale": _between(rng, 2.0, 3.5), "thin": _between(rng, 0.25, 0.35)}.get(kind, 0.0)
            found.append({"kind": kind, "day": day, "size": size})
    return found


def _between(rng: random.Random, low: float, high: float) -> float:
    return round(rng.uniform(low, high), 3)


if __name__ == "__main__":
    json.dump(draw(20260301, lanes=12, names=PUBLIC), sys.stdout, indent=1)
    print()
