"""Draws the streams of one exam: how long each lives, what goes wrong on the way, and whether and when it changes.

`python scenarios/drift/draw.py > labs/drift/public/plan.json` writes the public streams.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from grader.labkit import import_shared

domains = import_shared(__file__, "warehouse/domains.py")

HIDDEN = ("parcels", "parcels", "orders", "loans", "coldchain", "claims")
PUBLIC = ("parcels", "orders")
ROUNDS, SHORTEST, LONGEST = 33, 8, 14
DRIFT_DAYS, CONCEPT_DAYS = 4, 7
SPELLINGS = 1_000_000
UNITS = (80, 5000)
TOO_SMALL = (0.22, 0.32)
RAMP = 3
CALM = 0.2
AMID, AGAIN, TYPOS = 0.4, 0.6, 0.6
CREEPS, ROWS = 0.5, 0.6
FIRST, DATES = date(2026, 1, 5), 4 * 365

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
    first = FIRST + timedelta(days=rng.randrange(DATES))
    happenings, quiet, amid = _change(rng, domain, days, change)
    broken = _breaks(rng, quiet) + amid
    faults = _faults(rng, domain, broken)
    happenings += faults
    happenings += _days(rng, [day for day in range(days) if day not in broken], broken, first)
    happenings += _typos(rng, domain, days, faults)
    return {
        "id": hashlib.blake2b(rng.randbytes(16), digest_size=6).hexdigest(),
        "lane": lane,
        "domain": domain.name,
        "first": first.isoformat(),
        "days": days,
        "happenings": happenings,
    }


def _change(rng: random.Random, domain: Any, days: int, change: str) -> tuple[list[Happening], int, list[int]]:
    """A stream's change, if it has one, how many quiet days come before it, and the days amid it that are broken.

    It comes on any day that leaves time to judge it: neither a stream's age nor its end tells when. Half of the
    streams whose inputs do not change, whether outcomes do or not, have a shift that is too small for a page. Amid two
    changes in five, one or two days before the day that is judged, data breaks; amid two changes of outcomes in five it
    breaks on one of the days whose outcomes show it.
    """

    def breaks(first: int, last: int) -> list[int]:
        return [day + rng.randint(first, last)] if rng.random() < AMID else []

    creeps = _creeps(rng, domain) if change != "drift" and rng.random() < CREEPS else []
    if change == "drift":
        happening = _drift(rng, domain)
        needs = DRIFT_DAYS + happening.get("ramp", 1) - 1
    elif change == "concept":
        size = rng.choice([1, -1, -1]) * _between(rng, 1.7, 2.3)
        happening = {"kind": "scrambled"} if rng.random() < 0.25 else {"kind": "raised", "size": size}
        needs = CONCEPT_DAYS
    else:
        return creeps, days, []
    day = rng.randint(1, days - needs)
    amid = breaks(needs - 3, needs - 2) if change == "drift" else breaks(1, 3) + breaks(needs - 2, needs - 2)
    return [{**happening, "day": day}, *creeps], day, amid


def _creeps(rng: random.Random, domain: Any) -> list[Happening]:
    column, size = rng.choice(domain.numbers).name, rng.choice([-1, 1]) * _between(rng, *TOO_SMALL)
    return [{"kind": "shift", "column": column, "size": size, "day": rng.randint(0, 3)}]


def _drift(rng: random.Random, domain: Any) -> Happening:
    kind = rng.choice(["shift", "slow", "wider", "narrower", "narrower", "mix"])
    if kind == "mix":
        return {"kind": "mix", "column": rng.choice(domain.categories).name, "size": _between(rng, 0.45, 0.6)}
    column = rng.choice(domain.numbers).name
    if kind in ("wider", "narrower"):
        size = _between(rng, 2.4, 3.2) if kind == "wider" else _between(rng, 0.08, 0.15)
        return {"kind": "spread", "column": column, "size": size}
    size = rng.choice([-1, 1]) * _between(rng, 1.3, 1.9)
    return {"kind": "shift", "column": column, "size": size, "ramp": RAMP if kind == "slow" else 1}


def _breaks(rng: random.Random, quiet: int) -> list[int]:
    """Quiet days on which data breaks: more the longer a stream is quiet, rather late, and no two in a row."""
    found: list[int] = []
    many = quiet // rng.choice([2, 5, 5, 5]) + rng.randint(0, 1)
    for day in sorted(range(quiet), key=lambda day: -(rng.random() ** (1 / (day + 1)))):
        if len(found) < many and not {day - 1, day, day + 1} & set(found):
            found.append(day)
    return found


def _faults(rng: random.Random, domain: Any, days: list[int]) -> list[Happening]:
    """What breaks on each of these days: three later faults in five are an earlier one again."""
    found: list[Happening] = []
    for day in sorted(days):
        again = found and rng.random() < AGAIN
        found.append({**rng.choice(found), "day": day} if again else _broken(rng, domain, day))
    return found


def _broken(rng: random.Random, domain: Any, day: int) -> Happening:
    kind = rng.choice(["unit", "unit", "constant", "empty", "gone", "recoded", "recoded"])
    if kind == "unit":
        number = rng.choice(domain.numbers)
        factor, offset = rng.choice(number.units)
        if number.log and rng.random() < 0.75:
            least, most = UNITS
            factor = float(f"{math.exp(rng.uniform(math.log(least), math.log(most))) ** rng.choice([1, -1]):.3g}")
        return {"kind": kind, "day": day, "column": number.name, "size": factor, "offset": offset}
    if kind == "recoded":
        column = rng.choice(domain.categories).name
        return {"kind": kind, "day": day, "column": column, "size": rng.randrange(SPELLINGS)}
    return {"kind": kind, "day": day, "column": rng.choice(domain.columns)}


def _days(rng: random.Random, free: list[int], broken: list[int], first: date) -> list[Happening]:
    """Days that are different: a holiday, a sale, a day on which few rows came. Half of the broken days are, too.

    A sale, or few rows, may go on for three to five days.
    """

    def special(kind: str, day: int) -> Happening:
        size = {"sale": _between(rng, 2.0, 3.5), "thin": _between(rng, 0.25, 0.35)}.get(kind, 0.0)
        return {"kind": kind, "day": day, "size": size}

    def workdays(days: list[int]) -> list[int]:
        return [day for day in days if (first + timedelta(days=day)).weekday() < 5]

    days, many, kind = workdays(free), rng.randint(3, 5), rng.choice(["sale", "thin"])
    rows = [days[at : at + many] for at in range(len(days) - many + 1) if days[at + many - 1] == days[at] + many - 1]
    row = rng.choice(rows) if rows and rng.random() < ROWS else []
    rest = [day for day in days if day not in row]
    shares = (("holiday", 0.15), ("sale", 0.1), ("thin", 0.1))
    kinds = [kind for kind, share in shares for _ in range(3) if rng.random() < share]
    single = zip(kinds, rng.sample(rest, len(rest)), strict=False)
    spoilt = [(rng.choice(["holiday", "sale", "thin"]), day) for day in workdays(broken) if rng.random() < 0.5]
    return [special(kind, day) for kind, day in [*((kind, day) for day in row), *single, *spoilt]]


def _typos(rng: random.Random, domain: Any, days: int, faults: list[Happening]) -> list[Happening]:
    """Days on which one word in some fifty is misspelt, which is nothing, of a column that is sound that day."""
    column = rng.choice(domain.categories).name
    broken = {fault["day"] for fault in faults if fault["column"] == column}
    found = rng.sample([day for day in range(days) if day not in broken], 4) if rng.random() < TYPOS else []
    return [{"kind": "typos", "day": day, "column": column, "size": _between(rng, 0.015, 0.03)} for day in found]


def _between(rng: random.Random, low: float, high: float) -> float:
    return round(rng.uniform(low, high), 3)


def public() -> dict[str, Any]:
    """The season that the lab carries."""
    return draw(20260301, lanes=12, names=PUBLIC)
