"""Draws the fleet of an exam; run as a script, it prints that of labs/edge-fleet/public/plan.json."""

import datetime
import hashlib
import json
import random

DAYS, ROUNDS = 8, 4
SIGNALS = ("confidence", "latency", "drain", "memory")
REVISIONS, DELIVERIES, HOMECOMING = 3, 12, 36
HALVES = 2
BESIDE = 0.7
"""The share of trends of a whole revision that begin on the day of a rollout, which is not to blame."""
WORSE = {"confidence": (0.085, 0.115), "latency": (1.45, 1.75), "drain": (1.8, 2.4), "memory": (1.17, 1.32)}
TOWNS = "aal bre cor den el fau gis hal ir jet kal lom mer nor oud pel quar ren sil tor ulm vel wes yst zan"
ENDS = "st burg dal ford ingen haven kerke loo mond stad wijk zele"


def draw(seed, cities=40, seconds=40):
    """A plan: each city has three revisions; of ten cohorts eight get worse, each in a signal of its own."""
    rng = random.Random(seed)
    revisions, towns = names(rng, REVISIONS, a_revision), names(rng, cities, a_town)
    cohorts = [{"city": town, "revision": revision} for town in towns for revision in revisions]
    for part in (models, trends, halves, questions):
        part(rng, cohorts, revisions)
    rng.shuffle(cohorts)
    first = rng.randrange(4, 11)
    second = rng.randrange(max(14, first + 8), 21)
    waves = [{"round": at, "asked": {"keeps-up": DELIVERIES}} for at in range(DAYS * ROUNDS)]
    waves += [{"home": start + 8, "asked": {"homecoming": HOMECOMING}} for start in (first, second)]
    cases = waves + cohorts
    return {
        "seed": seed,
        "seconds": seconds,
        "day": str(datetime.date(2027, 1, 4) + datetime.timedelta(rng.randrange(300))),
        "revisions": revisions,
        "away": [first, second],
        "cases": [{"id": name(seed, at)} | case for at, case in enumerate(cases)],
    }


def models(rng, cohorts, revisions):
    """What runs in a city, and what is rolled out there: to one revision a day, and badly to one of them."""
    for at in range(0, len(cohorts), len(revisions)):
        old = rng.randrange(20, 60)
        ran = [f"v{old + step // 10}.{(old + step) % 10}" for step in (0, rng.randrange(1, 4))]
        new = f"v{old + rng.randrange(5, 30)}.{rng.randrange(10)}"
        for cohort in cohorts[at : at + len(revisions)]:
            cohort |= {"models": ran, "new": new, "rollout": rng.randrange(2, 6)}


def trends(rng, cohorts, revisions):
    """Which cohorts get worse, in what, from when on; half of them because of the model that is rolled out."""
    some = rng.sample(cohorts, len(cohorts) * 4 // 5)
    signals = dealt(rng, SIGNALS, len(some))
    causes = dealt(rng, ("model", "revision"), len(some))
    for cohort, signal, cause in zip(some, signals, causes, strict=True):
        cohort |= {"signal": signal, "cause": cause}
    apart(rng, some)
    days = {cause: dealt(rng, range(2, 6), sum(c == cause for c in causes)) for cause in ("model", "revision")}
    for cohort in some:
        low, high = WORSE[cohort["signal"]]
        cohort |= {"day": days[cohort["cause"]].pop(), "by": round(rng.uniform(low, high), 3)}
        if cohort["cause"] == "model" or rng.random() < BESIDE:
            cohort["rollout"] = cohort["day"]
    for at in range(0, len(cohorts), len(revisions)):
        rng.choice(cohorts[at : at + len(revisions)])["sick"] = round(rng.uniform(0.28, 0.42), 3)


def apart(rng, some):
    """Swap signals until no two cohorts of a city have the same one."""
    while True:
        seen, twice = set(), []
        for cohort in some:
            key = cohort["city"], cohort["signal"]
            if key in seen:
                twice.append(cohort)
            seen.add(key)
        if not twice:
            return
        one, other = rng.choice(twice), rng.choice(some)
        one["signal"], other["signal"] = other["signal"], one["signal"]


def halves(rng, cohorts, revisions):
    """Harmless things, in thirds: weather for a whole city, broken devices, old devices that join for a while."""
    cities = len(cohorts) // len(revisions)
    weather = dealt(rng, (True, False, False), cities * HALVES)
    others = dealt(rng, ("broken", "mix"), weather.count(False) * len(revisions))
    for at in range(cities):
        for cohort in cohorts[at * len(revisions) : (at + 1) * len(revisions)]:
            cohort["halves"] = []
        for half in range(HALVES):
            signal = rng.choice(SIGNALS)
            day = 4 * half + rng.randrange(1, 3)
            cloudy = weather.pop()
            for cohort in cohorts[at * len(revisions) : (at + 1) * len(revisions)]:
                happens = {"kind": "weather" if cloudy else others.pop(), "day": day}
                happens["signal"] = signal if cloudy else rng.choice(SIGNALS)
                cohort["halves"].append(happens)


def questions(rng, cohorts, revisions):
    """What is asked about each cohort: two figures, of one day or of two, each on a drawn later day."""
    twice = dealt(rng, (True, False), len(cohorts))
    for cohort, same in zip(cohorts, twice, strict=True):
        day = rng.randrange(0, 6)
        other = day if same else rng.randrange(0, 8)
        first = rng.randrange(day, min(day + 3, 7))
        second = rng.randrange(first + 1, 8) if same else rng.randrange(other, 8)
        cohort["figures"] = [[day, first], [other, second]]
        cohort["told"] = rng.randrange(cohort["rollout"] + 1, 8)
        cohort["asked"] = {"figures": 2, "updates": 1, "spared": HALVES} | ({"trend": 1} if "signal" in cohort else {})


def dealt(rng, kinds, count):
    """So many, as many of each kind as can be."""
    kinds = list(kinds)
    extra = rng.sample(kinds, len(kinds))
    found = [extra[at % len(kinds)] for at in range(count)]
    rng.shuffle(found)
    return found


def a_revision(rng):
    """Such as ga-65."""
    return f"{rng.choice('bcdfghkmp')}{rng.choice('aeiou')}-{rng.randrange(2, 90)}"


def a_town(rng):
    """Such as Aalst."""
    syllables = TOWNS.split()
    return (rng.choice(syllables) + rng.choice([*syllables, ""]) + rng.choice(ENDS.split())).title()


def names(rng, count, make):
    """So many different ones."""
    found = []
    while len(found) < count:
        one = make(rng)
        if one not in found:
            found.append(one)
    return found


def name(seed, number):
    """A name that tells nothing."""
    return hashlib.blake2b(f"{seed}:{number}".encode(), digest_size=5).hexdigest()


def public():
    """The plan that the lab carries."""
    return draw(1, cities=10, seconds=20)


if __name__ == "__main__":
    print(json.dumps(public()))
