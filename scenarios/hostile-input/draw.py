"""Draws the cases of an exam."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import cycle, islice
from typing import TYPE_CHECKING, NotRequired, TypedDict

if TYPE_CHECKING:
    from casebook.plan import Plan
    from cases import Planned


class Drawn(TypedDict):
    """A case that has no place yet."""

    kind: str
    scans: int
    asked: dict[str, int]
    way: NotRequired[str]


CAMPAIGN = (8, 8, 12, 16)
"""So often a lot is scanned that somebody wants a better grade for."""
SOUND = ("ordinary", "wet", "one grade", "all A")
POISONED = ("called A", "wrong", "marked", "copies", "invented")
CAMPAIGNS = ("to A", "to B")
FORGED = ("plain", "plain", "smoothed")
TAMPERED = ("spike", "stretch", "shift", "shuffle")
HONEST_BEFORE = (0, 0, 0, 1, 1, 2)
"""So many honest scans of the lot come before one that is forged or doctored."""
TRIES = (1, 2, 2)
"""So many readings of the lot that are forged or doctored follow on them."""
SENT = (1, 1, 1, 2)
"""So often the same bytes come that are no reading: each time they are refused is a refusal."""
MALFORMED = (
    "39 bands",
    "41 bands",
    "no bands",
    "no number",
    "in quotes",
    "boolean",
    "too high",
    "too low",
    "NaN",
    "NaN elsewhere",
    "deep",
    "a few bytes",
    "too large",
    "no lot",
    "no commodity",
    "no supplier",
    "no object",
    "torn",
    "almost JSON",
    "UTF-16",
    "Latin-1",
)


def draw(seed: int, size: int = 3) -> Plan[Planned]:
    """A plan: so many times 24 forged lots, and so on. The world makes the readings from its seed."""
    rng = random.Random(seed)
    lots = [lot(scans) for scans, count in ((1, 14), (2, 8), (3, 42)) for _ in range(count * size)]
    for one in rng.sample(lots, 12 * size):
        one["asked"]["recorded"] = 1
    rest = [
        *lots,
        *lifted(rng, "forged", ways(rng, FORGED, 24 * size)),
        *lifted(rng, "tampered", ways(rng, TAMPERED, 24 * size)),
        *(
            case("campaign", way, scans, rescans=1, recorded=1)
            for way, scans in zip(ways(rng, CAMPAIGNS, 20 * size), spread(rng, CAMPAIGN, 20 * size), strict=True)
        ),
        *(
            case("malformed", way, scans, malformed=1, recorded=1)
            for way, scans in zip(ways(rng, MALFORMED, 80 * size), spread(rng, SENT, 80 * size), strict=True)
        ),
        *(case("batch", way, admitted=1, recorded=1) for way in ways(rng, SOUND, 25 * size)),
        *(case("batch", way, quarantined=1, recorded=1) for way in ways(rng, POISONED, 25 * size)),
    ]
    rng.shuffle(rest)
    cases: list[Planned] = [{"id": f"c{at:04d}", **one} for at, one in enumerate(rest)]
    return {"seed": seed, "cases": cases}


def case(kind: str, way: str, scans: int = 1, **asked: int) -> Drawn:
    """A case, and how often each thing is asked about it."""
    return {"kind": kind, "way": way, "scans": scans, "asked": asked}


def lot(scans: int) -> Drawn:
    """An honest lot."""
    return {"kind": "genuine", "scans": scans, "asked": {"genuine": scans}}


def lifted(rng: random.Random, kind: str, names: Sequence[str]) -> list[Drawn]:
    """Lots whose last scans, one or two, are forged or doctored; those before, if any, are honest."""
    before, tries = (spread(rng, some, len(names)) for some in (HONEST_BEFORE, TRIES))
    return [
        case(kind, way, n + m, **{kind: m, "recorded": 1} | ({"genuine": n} if n else {}))
        for way, n, m in zip(rng.sample(names, len(names)), before, tries, strict=True)
    ]


def spread(rng: random.Random, some: Sequence[int], count: int) -> list[int]:
    """So many of them, in turn, then in any order."""
    return rng.sample(list(islice(cycle(some), count)), count)


def ways(rng: random.Random, names: Sequence[str], count: int) -> list[str]:
    """As many of each way as can be; which ones get one more is drawn."""
    return list(islice(cycle(rng.sample(names, len(names))), count))


def public() -> Plan[Planned]:
    """The plan that the lab carries."""
    return draw(1, size=2)
