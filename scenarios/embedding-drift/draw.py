"""Draws the season of an exam."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from common.names import generator, named

from grader.labkit import world

with world(__file__):
    from kinds import DAYS, ODD, RESTORED

if TYPE_CHECKING:
    from kinds import Change, Dealer, Harmless, Season

Each = TypeVar("Each")

MODELS = "minilm", "e5"
EXAM = {"moved": 14, "mixed": 7, "lost": 7, "topic": 8, "": 12}
PUBLIC = {"moved": 3, "mixed": 3, "lost": 3, "topic": 3, "": 4}
"""Collections by what happens to them first."""
SHARES = {"moved": (0.45, 0.7), "mixed": (0.2, 0.5), "lost": (0.22, 0.45), "topic": (0.2, 0.33)}
HARMLESS = {"rounded": 3, "holiday": 1, "shorter": 3, "growth": 1, "upgraded": 1}
"""How many days each lasts; growth and another model stay."""
OFTEN = (
    "shorter", "upgraded", "growth", "holiday", "shorter", "upgraded",
    "rounded", "shorter", "upgraded", "shorter", "upgraded", "shorter",
)  # fmt: skip
BESIDE = "rounded", "growth", "holiday"
"""What may be odd on the day on which something breaks."""
FIRST, NEXT, APART = range(2, 6), (9, 11), 6
"""Days of first changes; the first and last of second ones, and how far these are from the first."""
MONDAY = datetime.date(2027, 1, 4)
TOWNS = "ash bright cold dun east fern grim hol in jar kel long marsh nor oak pen quen rus stan thorn up wes yar"
ENDS = "bury by combe don field ford gate ham ley mere stead ton wick worth"


def draw(seed: int, first: dict[str, int] | None = None, seconds: int = 3) -> Season:
    """A plan: of each kind as many collections as are named; `seconds` second changes of each kind, in another way than
    the first. Nothing else may be known of a collection by its place."""
    kinds = [kind for kind, many in (first or EXAM).items() for _ in range(many)]
    days = dealt(generator(seed, "days"), FIRST, len(kinds))
    second = seconds_of(generator(seed, "second"), kinds, seconds)
    changed = sum(kind != "" for kind in kinds)
    odd = dealt(generator(seed, "harmless"), OFTEN, changed)
    odd += dealt(generator(seed, "calm"), OFTEN, len(kinds) - changed)
    beside = dealt(generator(seed, "beside"), BESIDE, len(kinds))
    odd = [beside[at] if second[at] else odd[at] for at in range(len(kinds))]
    names = towns(generator(seed, "names"), len(kinds))
    cases = [
        dealer(generator(seed, "dealer", at), names[at], kinds[at], second[at], days[at], odd[at], at % 2 == 0)
        for at in range(len(kinds))
    ]
    generator(seed, "order").shuffle(cases)
    for at, case in enumerate(cases):
        case["id"] = named(seed, at)
    start = generator(seed, "date").randrange(330)
    return {"seed": seed, "date": str(MONDAY + datetime.timedelta(start)), "cases": cases}


def seconds_of(rng: random.Random, kinds: Sequence[str], each: int) -> list[str]:
    """Of each collection what happens to it a second time; nothing for most."""
    found = [""] * len(kinds)
    for kind in SHARES:
        # An alias that was moved may be pinned by a rollback, so it is moved once at most.
        free = [at for at, before in enumerate(kinds) if before not in ("", kind) and not found[at]]
        for at in rng.sample(free, each):
            found[at] = kind
    return found


def dealer(rng: random.Random, name: str, kind: str, second: str, day: int, odd: str, alone: bool) -> Dealer:
    """A collection, and what happens to it. `alone`: where the name is moved, no job was at work that night."""
    changes: list[Change] = [change(rng, kind, day, 1, alone)] if kind else []
    asked = Counter({"spent": 1, "quiet": 2})
    made: Dealer = {"id": "", "name": name, "models": models(rng), "changes": changes, "asked": {}}
    end = DAYS
    if second:
        end = rng.randrange(max(NEXT[0], day + APART), NEXT[1] + 1)
        changes.append(change(rng, second, end, 2, alone))
        made["harmless"] = harmless(rng, odd, (day, day + 1))
    else:
        # Of a calm collection anywhere; of another when all has long been mended.
        asked["spared"] = 1
        made["harmless"] = harmless(rng, odd, (day + 7, DAYS - ODD + 1) if kind else (3, 11))
    for at, one in enumerate(changes):
        asked["named"] += 1
        asked["answered" if one["kind"] == "topic" else "restored"] += 2 if at == 0 else 1
    if changes:
        made["later"] = rng.randrange(day + RESTORED + 1, end)
    made["asked"] = dict(asked)
    return made


def models(rng: random.Random) -> list[str]:
    """Three models: the first, another, and the first trained once more, in axes of its own."""
    first, other = rng.sample(MODELS, 2)
    return [first, other, first]


def change(rng: random.Random, kind: str, day: int, model: int, alone: bool) -> Change:
    """A change, by a model that is neither the first nor that of the other change."""
    share = 1.0 if kind == "moved" and alone else round(rng.uniform(*SHARES[kind]), 3)
    return {"day": day, "kind": kind, "share": share, "model": model}


def harmless(rng: random.Random, kind: str, days: tuple[int, int]) -> Harmless:
    """Something odd."""
    return {"day": rng.randrange(*days), "days": HARMLESS[kind], "kind": kind}


def dealt(rng: random.Random, kinds: Sequence[Each], count: int) -> list[Each]:
    """Each as often as the others, in any order."""
    found = [kinds[at % len(kinds)] for at in range(count)]
    rng.shuffle(found)
    return found


def towns(rng: random.Random, count: int) -> list[str]:
    """Names of towns."""
    every = [start.capitalize() + end for start in TOWNS.split() for end in ENDS.split()]
    return rng.sample(every, count)


def public() -> Season:
    """The plan that the lab carries; `lab plan embedding-drift --public` writes it."""
    return draw(1, PUBLIC, 1)
