"""Draws a season: what happens at which depot and when, and on which days somebody looks."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from common.names import generator

if TYPE_CHECKING:
    from depots import SeasonOf, Seasons

DAYS, SEASONS = 90, 4
"""Of a season, and seasons: of three regions, one of which has another season later on."""
DEPOTS = {"gradual": 12, "calm": 8, "swapped": 12, "thin": 12}
FIRST, APART = date(2026, 1, 5), 91
"""Seasons begin so many days apart, all within a year: no month is left out."""


def draw(seed: int, share: float = 1) -> Seasons:
    """A plan; `share` is that of an exam's 44 depots. All seasons get as many of a kind, where that can be. The second
    one of a region has depots by the names of the first, and with nothing else in common."""
    rng, names = generator(seed, "season"), generator(seed, "names")  # a name tells nothing of the season
    kinds = {kind: int(count * share) for kind, count in DEPOTS.items()}
    depots = [depot(rng, kind, at < count / 2) for kind, count in kinds.items() for at in range(count)]
    dealt = [{"season": at % SEASONS, **each} for at, each in enumerate(depots)]
    rng.shuffle(dealt)
    began = rng.randrange(365)
    begins = [FIRST + timedelta(days=began + APART * at) for at in range(SEASONS)]
    once, again, *others = rng.sample(range(SEASONS), SEASONS)
    regions = [f"{names.getrandbits(24):06x}" for _ in range(SEASONS - 1)]
    where = dict(zip((once, *others), regions, strict=True)) | {again: regions[0]}
    seasons: list[SeasonOf] = [{"region": where[at], "first": begins[at].isoformat()} for at in range(SEASONS)]
    cases: list[Any] = [
        {"id": f"{names.getrandbits(32):08x}", "depot": f"{names.getrandbits(32):08x}", **each} for each in dealt
    ]
    first, second = ([case for case in cases if case["season"] == at] for at in sorted((once, again)))
    for before, after in zip(rng.sample(first, len(first)), second, strict=False):
        after["depot"] = before["depot"]
    return {"seed": seed, "seasons": seasons, "days": DAYS, "cases": cases}


def depot(rng: random.Random, kind: str, first: bool) -> dict[str, Any]:
    """A depot; where there is trouble with labels or rows the world changes too, a month later if `first`, else before.

    Somebody looks at a live model in each part of a season, but for the 17 days after a change; at the figure too, but
    for the first 11 of these, and while there is trouble on one of its 14 days.
    """
    norm = 5 ** rng.random()  # whatever happens: size tells nothing
    happenings: dict[str, int] = {}
    judged: dict[str, list[int]] = {}
    begins, apart = rng.randint(10, 22), rng.randint(30, 35)
    if kind == "gradual":
        turning = range(begins, begins + 30), range(begins + 30, begins + 60), range(begins + 60, DAYS)
        happenings, judged = {kind: begins}, {"keeps-up": [day for part in turning for day in spread(rng, 3, part)]}
        judged["measured"] = spread(rng, 8, range(begins, DAYS))
    elif kind != "calm":
        trouble, change = (begins, begins + apart) if first else (begins + apart, begins)
        happenings, judged = {kind: trouble, "abrupt": change}, twice(rng, kind, trouble, change)
    quiet = range(min(happenings.values(), default=DAYS))
    judged["no-harm"] = spread(rng, 2 if happenings else 8, quiet)
    judged["measured"] = spread(rng, 1 if happenings else 8, quiet) + judged.get("measured", [])
    judged["sparing"] = [DAYS - 1]
    asked = {aspect: len(days) for aspect, days in judged.items()}
    return {"norm": round(norm, 2), "happenings": happenings, "judged": judged, "asked": asked}


def twice(rng: random.Random, kind: str, trouble: int, change: int) -> dict[str, list[int]]:
    """When to look at a depot that has trouble and a change: as soon as outcomes show the one, until the other."""
    if trouble < change:
        troubled, well = range(trouble + 5, change), [range(change + 18, DAYS)]
    else:
        troubled, well = range(trouble + 5, trouble + 30), [range(change + 18, trouble + 5), range(trouble + 30, DAYS)]
    untold = {*range(change, change + 30), *range(trouble + 5, trouble + 38)}
    return {
        {"swapped": "not-fooled", "thin": "thin-days"}[kind]: spread(rng, 15, troubled),
        "recovers": [day for part in well for day in spread(rng, 6 // len(well), part)],
        "shows-decay": spread(rng, 5, range(change + 12, change + 30)),
        "measured": spread(rng, 2, [day for day in range(min(trouble, change), DAYS) if day not in untold]),
    }


def spread(rng: random.Random, count: int, days: Sequence[int]) -> list[int]:
    """So many of the days, one from each part."""
    cuts = [len(days) * at // count for at in range(count + 1)]
    return [days[rng.randrange(begins, ends)] for begins, ends in itertools.pairwise(cuts)]


def public() -> Seasons:
    """The plan that the lab carries."""
    return draw(20260105, share=0.5)
