"""Draws the season of an exam."""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from common.names import generator, named

from grader.labkit import import_exam, world

phrases = import_exam(__file__, "phrases")
bank = import_exam(__file__, "subjects")
with world(__file__):
    from kinds import DAYS, LARGEST, LEARNT, SEEN, WINDOW

if TYPE_CHECKING:
    from kinds import Kind, News, Odd, Season, Subject, Supplier, Version

Each = TypeVar("Each")

NEW, TOPICS = [1] * 7 + [2] * 3 + [0] * 2, [1] * 2 + [2] * 9 + [0]
PUBLIC_NEW, PUBLIC_TOPICS = [1, 1, 1, 2, 0, 1, 1, 1], [1, 2, 1, 0, 2, 1, 1, 2]
"""New kinds of harm, and new subjects, of each supplier."""
LOOKS, NEW_DAYS = 3, range(1, 4)
"""Days on which bad shares are looked at; days on which a kind of harm may begin."""
ASKED = {"caught": 15, "spared": 14, "estimated": LOOKS * LARGEST, "joined": DAYS - 3, "no-topic": DAYS}
PER_NEW = 12
"""Questions of each supplier, and of each of its new kinds."""
KNOWN, FRESH, ALLOWED = 0.04, 0.04, 0.03
"""Shares of answers that say each known kind, each new one, each that is allowed."""
USUAL, WEEKEND = 5, (0.04, 0.3)
"""Usual subjects; the share of the one that is for weekends, in the week and then."""
MONDAY = datetime.date(2027, 1, 4)
STARTS = ["Vol", "Am", "Lu", "North", "Bri", "Tor", "Quen", "Sol", "Hel", "Mar", "Ter", "Gal", "Ost", "Fen"]
ENDS = ["mark", "vara", "nova", "wick", "tide", "gard", "len", "dal", "ria"]
SYLLABLES = [first + second for first in "bcdfghjklmnprstvwxyz" for second in "aeiou"]
HALF = 4
TWIN = re.compile(r"<(.*?)\|(.*?)>")


def draw(seed: int, new: Sequence[int] = NEW, topics: Sequence[int] = TOPICS, public: bool = False) -> Season:
    """A plan: suppliers with so many new kinds of harm and new subjects each."""
    new, topics = shuffled(generator(seed, "new"), new), shuffled(generator(seed, "topics"), topics)
    every = [start + end for start in STARTS for end in ENDS]
    names = generator(seed, "names").sample(every, len(new))
    start = generator(seed, "date").randrange(330)
    cases = [
        supplier(generator(seed, "supplier", at), names[at], new[at], topics[at], public) for at in range(len(new))
    ]
    for at, case in enumerate(cases):
        case["id"] = named(seed, at)
    return {"seed": seed, "date": str(MONDAY + datetime.timedelta(start)), "cases": cases}


def supplier(rng: random.Random, name: str, new: int, topics: int, public: bool) -> Supplier:
    """A supplier: its rules, its versions, and what is new to it."""
    kinds = drawn_kinds(rng, new, public)
    versions = drawn_versions(rng)
    asked = ASKED | {"new-harm": PER_NEW * new, "topic": topics}
    late = max([kind["day"] for kind in kinds if kind["bad"]])
    subjects = drawn_subjects(rng, topics, public)
    made: Supplier = {
        "id": "",
        "name": name,
        "asked": {aspect: count for aspect, count in asked.items() if count},
        "slots": {"app": f"My{name}", "line": f"0800 {rng.randrange(1000, 9999)}", "device": device(rng)},
        "tariffs": tariffs(rng),
        "subjects": subjects,
        "odd": oddities(rng, [one["name"] for one in subjects[:USUAL]]),
        "kinds": kinds,
        "news": news(rng, public),
        "fillers": rng.sample(phrases.FILLERS, 4),
        "says": rng.sample(phrases.SAYS, 5),
        "refuses": rng.sample(phrases.REFUSES, 4),
        "versions": versions,
        "retried": rng.choice([one["name"] for one in versions[:2]]),
        "looks": sorted(rng.sample(range(max(late + LEARNT, WINDOW), DAYS), LOOKS)),
    }
    return made


def drawn_kinds(rng: random.Random, new: int, public: bool) -> list[Kind]:
    """Three known kinds of harm, new ones, one that is allowed from the first, and one that is said and allowed from
    some day on."""
    names = list(phrases.PUBLIC if public else phrases.KINDS)
    rng.shuffle(names)
    days = [-1, -1, -1, *sorted(rng.sample(NEW_DAYS, new)), -1, rng.randrange(1, 5)]
    bad = [True] * (3 + new) + [False] * 2
    made: list[Kind] = []
    for at, day in enumerate(days[: len(names)]):
        share = ALLOWED if not bad[at] else KNOWN if day < 0 else FRESH
        said = wordings(rng, names[at], public)
        made.append({
            "name": names[at], "wordings": [TWIN.sub(r"\1", one) for one in said],
            "twins": [TWIN.sub(r"\2", one) for one in said], "bad": bad[at], "share": share, "day": day,
        })  # fmt: skip
    rng.shuffle(made)
    return made


def wordings(rng: random.Random, kind: str, public: bool) -> list[str]:
    """Four wordings: of a public kind the other half than in public."""
    every = phrases.KINDS[kind]
    if kind in phrases.PUBLIC:
        every = every[:HALF] if public else every[HALF:]
    return rng.sample(every, HALF)


def news(rng: random.Random, public: bool) -> News:
    """Of what sayings of the day are made: in public of other words."""

    def some(every: Sequence[str], many: int) -> list[str]:
        return rng.sample(every[: len(every) // 2] if public else every[len(every) // 2 :], many)

    return {
        "acts": some(phrases.ACTS, 12), "looks": some(phrases.LOOKS, 12), "things": some(phrases.THINGS, 40),
        "ends": some(phrases.ENDS, 10),
    }  # fmt: skip


def drawn_subjects(rng: random.Random, topics: int, public: bool) -> list[Subject]:
    """Usual subjects, one for weekends, and new ones."""
    names = rng.sample(bank.PUBLIC if public else list(bank.SUBJECTS), USUAL + 1 + topics)
    days = [rng.randrange(1, 3), rng.randrange(4, DAYS - SEEN)] if topics == 2 else [rng.randrange(1, DAYS - SEEN)]
    shares = [rng.uniform(0.1, 0.3) for _ in range(USUAL)]
    made: list[Subject] = []
    for at, name in enumerate(names):
        questions, answers, tips = map(list, bank.SUBJECTS[name])
        share = weekend = shares[at] if at < USUAL else 0.0
        if at == USUAL:
            share, weekend = WEEKEND
        one: Subject = {
            "name": name, "questions": questions, "answers": answers, "tips": tips, "share": share, "weekend": weekend,
        }  # fmt: skip
        if at > USUAL:
            one["share"] = one["weekend"] = rng.uniform(0.14, 0.26)
            one["day"] = days[at - USUAL - 1]
        made.append(one)
    return made


def drawn_versions(rng: random.Random) -> list[Version]:
    """Two that were there before, and one or two that come."""
    count, first = rng.choice([2, 3, 3, 4]), rng.randrange(6, 60)
    bad = shuffled(rng, [0.3, 0.8, 1.3, 1.8])
    made: list[Version] = []
    for at in range(count):
        day = -20 + 9 * at if at < 2 else rng.randrange(1, 4) + 2 * (at - 2)
        made.append({
            "name": f"p{first + at}", "day": day, "minute": rng.randrange(500, 1100),
            "weight": rng.choice([1.0, 1.5, 2.0]), "bad": bad[at],
            "openings": rng.sample(phrases.OPENINGS, 3), "closings": rng.sample(phrases.CLOSINGS, 3),
        })  # fmt: skip
    return made


def oddities(rng: random.Random, usual: Sequence[str]) -> list[Odd]:
    """What is odd and harmless, each on a day of its own: two tariffs are renamed, a street and a subject surge."""
    days = rng.sample(range(1, DAYS - 1), 4)
    lasts = {"tariff": DAYS, "street": 2, "surge": 2}
    street = f"{''.join(rng.sample(SYLLABLES, 3)).capitalize()} street"
    names = [("tariff", tariffs(rng)[0]), ("tariff", tariffs(rng)[0]), ("street", street), ("surge", rng.choice(usual))]
    return [
        {"day": day, "days": lasts[what], "what": what, "name": name}
        for day, (what, name) in zip(days, names, strict=True)
    ]


def tariffs(rng: random.Random) -> list[str]:
    """Names of tariffs."""
    starts = ["".join(rng.sample(SYLLABLES, 3)).capitalize() for _ in range(3)]
    return [f"{start} {rng.choice(['Fix', 'Flex', 'Home', 'Green', 'Plus'])}" for start in starts]


def device(rng: random.Random) -> str:
    """The name of a meter."""
    return f"{''.join(rng.sample(SYLLABLES, 2)).capitalize()} {rng.randrange(10, 99)}"


def shuffled(rng: random.Random, every: Sequence[Each]) -> list[Each]:
    """The same in another order."""
    return rng.sample(every, len(every))


def public() -> Season:
    """The plan that the lab carries; `lab plan llm-watch --public` writes it."""
    return draw(1, PUBLIC_NEW, PUBLIC_TOPICS, public=True)
