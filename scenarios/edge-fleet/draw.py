"""Draws the fleet of an exam."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from common.names import named

from grader.labkit import world

with world(__file__):
    from signals import DAYS, ROUNDS, SIGNALS

if TYPE_CHECKING:
    from fleet import Season

Each = TypeVar("Each")
Drawn = dict[str, Any]
"""A cohort, until all of it is drawn."""

REVISIONS, DELIVERIES, HOMECOMING = 3, 12, 36
BEGINS, CAUSES = range(2, 6), ("model", "revision")
"""The days on which trends begin, and by what."""
HALVES = 2
BESIDE = 0.8
"""The share of trends of a whole revision that begin on the day of a rollout, which is not to blame."""
ONE_DAY = 0.6
"""The share of cities whose trends all begin on one day."""
WIDE = 0.33
"""The share of cities in which a revision gets worse in one signal on one day: once by its models, once by itself."""
WORSE = {"confidence": (0.085, 0.115), "latency": (1.45, 1.75), "drain": (1.8, 2.4), "memory": (1.17, 1.32)}
LATER = 0.25
"""The share of days that are first asked about on the next one; else it is at once."""
TOWNS = "aal bre cor den el fau gis hal ir jet kal lom mer nor oud pel quar ren sil tor ulm vel wes yst zan"
AWAY = (5, 6, 7, 9), (17, 18, 19)
"""Rounds in which carriers are gone; eight later they are back, never at midnight."""
MONDAY = datetime.date(2027, 1, 4)
ENDS = "st burg dal ford ingen haven kerke loo mond stad wijk zele"


def draw(seed: int, cities: int = 40, seconds: int = 50) -> Season:
    """A plan: each city has three revisions; of ten cohorts eight get worse, each in a signal of its own. Trends begin
    on days 2 to 5, and one of these is a Saturday. Two of them are the same in a third of all cities."""
    rng = random.Random(seed)
    revisions, towns = names(rng, REVISIONS, a_revision), names(rng, cities, a_town)
    cohorts = [{"city": town, "revision": revision} for town in towns for revision in revisions]
    for part in (models, trends, halves, questions):
        part(rng, cohorts, revisions)
    rng.shuffle(cohorts)
    first, second = (rng.choice(starts) for starts in AWAY)
    cases: list[Any] = [{"round": at, "asked": {"keeps-up": DELIVERIES}} for at in range(DAYS * ROUNDS)]
    cases += [{"home": start + 8, "asked": {"homecoming": HOMECOMING}} for start in (first, second)]
    cases += cohorts
    return {
        "seed": seed,
        "seconds": seconds,
        "day": str(MONDAY + datetime.timedelta(7 * rng.randrange(43) + rng.randrange(4))),
        "revisions": revisions,
        "away": [first, second],
        "cases": [{"id": named(seed, at)} | case for at, case in enumerate(cases)],
    }


def models(rng: random.Random, cohorts: Sequence[Drawn], revisions: Sequence[str]) -> None:
    """What runs in a city, and what is rolled out there: to one revision a day, and badly to one of them."""
    for at in range(0, len(cohorts), len(revisions)):
        old = rng.randrange(20, 60)
        ran = [f"v{old // 6}.{(old + step) % 10}" for step in (0, rng.randrange(1, 4))]
        new = f"v{(old + rng.randrange(5, 30)) // 6 + 2}.{rng.randrange(10)}"  # v10 is newer than v9, but not as text
        for cohort in cohorts[at : at + len(revisions)]:
            cohort |= {"models": ran, "new": new, "rollout": rng.randrange(2, 6)}


def trends(rng: random.Random, cohorts: Sequence[Drawn], revisions: Sequence[str]) -> None:
    """Which cohorts get worse, in what, from when on; half of them because of the model that is rolled out."""
    some = rng.sample(cohorts, len(cohorts) * 4 // 5)
    shared = one_day(rng, some)
    wide(rng, some, shared, revisions)
    free = [cohort for cohort in some if "signal" not in cohort]
    for key, kinds in (("signal", SIGNALS), ("cause", CAUSES)):
        left = filled([cohort[key] for cohort in some if key in cohort], kinds, len(some))
        for cohort, kind in zip(free, rng.sample(left, len(left)), strict=True):
            cohort[key] = kind
    apart(rng, some, free)
    days(rng, some, shared)
    for cohort in some:
        low, high = WORSE[cohort["signal"]]
        cohort["by"] = round(rng.uniform(low, high), 3)
        if cohort["cause"] == "model" or rng.random() < BESIDE:
            cohort["rollout"] = cohort["day"]
    for at in range(0, len(cohorts), len(revisions)):
        rng.choice(cohorts[at : at + len(revisions)])["sick"] = round(rng.uniform(0.28, 0.42), 3)


def one_day(rng: random.Random, some: Sequence[Drawn]) -> dict[str, int]:
    """Of most cities the day on which all trends begin, so that one may need many pages at once."""
    cities = sorted({cohort["city"] for cohort in some})
    some_cities = rng.sample(cities, round(len(cities) * ONE_DAY))
    return dict(zip(some_cities, dealt(rng, BEGINS, len(some_cities)), strict=True))


def wide(rng: random.Random, some: Sequence[Drawn], shared: Mapping[str, int], revisions: Sequence[str]) -> None:
    """Two revisions get worse in many cities on one day, each in one signal: the one by its models, as in the brief's
    title, the other by itself. Whoever takes that for noise of his own misses a quarter of all trends."""
    count = round(WIDE * len({cohort["city"] for cohort in some}))
    drawn = rng.sample(revisions, 2), rng.sample(SIGNALS, 2), rng.sample(BEGINS, 2)
    for cause, revision, signal, day in zip(CAUSES, *drawn, strict=True):
        there = [cohort for cohort in some if cohort["revision"] == revision and shared.get(cohort["city"], day) == day]
        for cohort in rng.sample(there, min(count, len(there))):
            cohort |= {"signal": signal, "cause": cause, "day": day}


def filled(there: Sequence[Each], kinds: Sequence[Each], count: int) -> list[Each]:
    """What is left to give, so that there are as many of each kind as can be."""
    found = list(there)
    while len(found) < count:
        found.append(min(kinds, key=found.count))
    return found[len(there) :]


def apart(rng: random.Random, some: Sequence[Drawn], free: Sequence[Drawn]) -> None:
    """Swap signals until no two cohorts of a city have the same one."""
    while True:
        count = Counter((cohort["city"], cohort["signal"]) for cohort in some)
        twice = [cohort for cohort in free if count[cohort["city"], cohort["signal"]] > 1]
        if not twice:
            return
        one, other = rng.choice(twice), rng.choice(free)
        one["signal"], other["signal"] = other["signal"], one["signal"]


def days(rng: random.Random, some: Sequence[Drawn], shared: Mapping[str, int]) -> None:
    """When trends begin, where that is not said yet: on the day of their city, else as many on each as can be."""
    for cohort in some:
        if "day" not in cohort and cohort["city"] in shared:
            cohort["day"] = shared[cohort["city"]]
    for cohort in some:
        if "day" not in cohort:
            begun = [other["day"] for other in some if "day" in other]
            cohort["day"] = min(BEGINS, key=lambda day: (begun.count(day), rng.random()))


def halves(rng: random.Random, cohorts: Sequence[Drawn], revisions: Sequence[str]) -> None:
    """Harmless things, in thirds: weather for a whole city, where it can in what gets worse just then; broken devices;
    old devices that join for a while."""
    cities = len(cohorts) // len(revisions)
    weather = dealt(rng, (True, False, False), cities * HALVES)
    others = dealt(rng, ("broken", "mix"), weather.count(False) * len(revisions))
    for at in range(cities):
        ours = cohorts[at * len(revisions) : (at + 1) * len(revisions)]
        early = sum(cohort.get("day", 9) < 4 for cohort in ours) >= sum(cohort.get("day", 0) >= 4 for cohort in ours)
        spells = sorted((weather.pop() for _ in range(HALVES)), reverse=early)
        for cohort in ours:
            cohort["halves"] = []
        for half in range(HALVES):
            then = [cohort["signal"] for cohort in ours if cohort.get("day", 0) // 4 == half and "day" in cohort]
            signal = rng.choice(then or SIGNALS)
            day = (1, 4)[half] + rng.randrange(2)
            cloudy = spells[half]
            for cohort in ours:
                happens = {"kind": "weather" if cloudy else others.pop(), "day": day}
                happens["signal"] = signal if cloudy else rng.choice(SIGNALS)
                cohort["halves"].append(happens)


def questions(rng: random.Random, cohorts: Sequence[Drawn], revisions: Sequence[str]) -> None:
    """What is asked about each cohort: two figures, of one day or of two, each on a drawn later day."""
    twice = dealt(rng, (True, False), len(cohorts))
    for at, (cohort, same) in enumerate(zip(cohorts, twice, strict=True)):
        if at % REVISIONS == 0:
            soonest = rng.randrange(REVISIONS)
        day = rng.randrange(0, 6)
        other = day if same else rng.randrange(0, 8)
        first = day + (rng.random() < LATER)
        second = rng.randrange(first + 1, 8) if same else rng.randrange(other, 8)
        cohort["figures"] = [[day, first], [other, second]]
        soon = cohort["rollout"] + 1
        cohort["told"] = soon if at % REVISIONS == soonest else rng.randrange(min(soon + 1, 7), 8)
        cohort["asked"] = {"figures": 2, "updates": 1, "spared": HALVES} | ({"trend": 1} if "signal" in cohort else {})


def dealt(rng: random.Random, kinds: Iterable[Each], count: int) -> list[Each]:
    """So many, as many of each kind as can be."""
    kinds = list(kinds)
    extra = rng.sample(kinds, len(kinds))
    found = [extra[at % len(kinds)] for at in range(count)]
    rng.shuffle(found)
    return found


def a_revision(rng: random.Random) -> str:
    """Such as ga-65."""
    return f"{rng.choice('bcdfghkmp')}{rng.choice('aeiou')}-{rng.randrange(2, 90)}"


def a_town(rng: random.Random) -> str:
    """Such as Aalst."""
    syllables = TOWNS.split()
    return (rng.choice(syllables) + rng.choice([*syllables, ""]) + rng.choice(ENDS.split())).title()


def names(rng: random.Random, count: int, make: Callable[[random.Random], str]) -> list[str]:
    """So many different ones."""
    found: list[str] = []
    while len(found) < count:
        one = make(rng)
        if one not in found:
            found.append(one)
    return found


def public() -> Season:
    """The plan that the lab carries."""
    return draw(1, cities=10, seconds=25)
