"""Draws a season: what happens at which depot and when, and on which days somebody looks.

`python scenarios/model-decay/draw.py > labs/model-decay/public/plan.json` writes the public one.
"""

import json
import random
from datetime import date, timedelta

DAYS, REGIONS = 90, 4
DEPOTS = {"gradual": 10, "calm": 10, "swapped": 12, "thin": 12}
FIRST = date(2026, 1, 5)


def draw(seed, share=1):
    """A plan; `share` is that of an exam's 44 depots."""
    rng, names = random.Random(f"{seed}:season"), random.Random(f"{seed}:names")  # a name tells nothing of the season
    depots = [depot(rng, kind, at % 2 == 0) for kind, count in DEPOTS.items() for at in range(int(count * share))]
    rng.shuffle(depots)
    regions = [f"{names.getrandbits(24):06x}" for _ in range(REGIONS)]
    first = FIRST + timedelta(days=rng.randrange(300))
    cases = [
        {"id": f"{names.getrandbits(32):08x}", "region": regions[at % REGIONS], **each}
        for at, each in enumerate(depots)
    ]
    return {"seed": seed, "first": first.isoformat(), "days": DAYS, "cases": cases}


def depot(rng, kind, even):
    """A depot; where there is trouble with labels or rows the world changes too, after it if `even`, else before it."""
    norm = rng.uniform(2.0, 4.5)
    if kind == "calm":
        norm = 1.0 if even else 7.0
        happenings, judged = {}, {"measured": some(rng, 6, 0, DAYS), "no-harm": some(rng, 4, 0, DAYS)}
    elif kind == "gradual":
        begins = rng.randint(10, 24)
        happenings, judged = {kind: begins}, {"keeps-up": some(rng, 7, begins + 30, begins + 66)}
    else:
        changes = rng.randint(42, 54) if even else rng.randint(10, 30)
        begins = rng.randint(10, changes - 30) if even else rng.randint(changes + 30, 60)
        happenings = {kind: begins, "abrupt": changes}
        judged = trouble(rng, kind, begins) | change(rng, changes, even)
    if happenings:
        judged["no-harm"] = some(rng, 2, 0, min(happenings.values()))
    judged["sparing"] = [DAYS - 1]
    asked = {aspect: len(days) for aspect, days in judged.items()}
    return {"norm": round(norm, 2), "happenings": happenings, "judged": judged, "asked": asked}


def trouble(rng, kind, begins):
    """When to look at a depot whose labels are wrong, or whose rows are few, since a day; of labels afterwards too."""
    if kind == "swapped":
        return {"not-fooled": some(rng, 2, begins + 14, begins + 21) + some(rng, 6, begins + 22, begins + 30)}
    return {"thin-days": some(rng, 6, begins + 12, begins + 21)}


def change(rng, changes, even):
    """When to look at a depot whose world changed at once on a day; long afterwards too, where no trouble follows."""
    later = some(rng, 4, changes + 29, DAYS) if even else []
    return {
        "recovers": some(rng, 2 if even else 3, changes + 18, changes + 29) + later,
        "shows-decay": some(rng, 1, changes + 12, changes + 21) + some(rng, 4, changes + 21, changes + 30),
    }


def some(rng, count, begins, ends):
    """Days from `begins` to before `ends`."""
    return sorted(rng.sample(range(begins, ends), count))


def public():
    """The plan that the lab carries."""
    return draw(20260105, share=0.5)


if __name__ == "__main__":
    plan = public()
    lines = ",\n".join(json.dumps(case) for case in plan.pop("cases"))
    print(f'{json.dumps(plan)[:-1]}, "cases": [\n{lines}\n]}}')
