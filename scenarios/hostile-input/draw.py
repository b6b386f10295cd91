"""Draws the cases of an exam; run as a script, it prints those of labs/hostile-input/public/plan.json."""

from __future__ import annotations

import json
import random
from itertools import cycle, islice

CAMPAIGN = 8
SOUND = ("ordinary", "wet", "one grade")
POISONED = ("called A", "wrong", "marked", "copies", "invented")
FORGED = ("plain", "plain", "smoothed")
TAMPERED = ("spike", "stretch", "shift", "shuffle")
MALFORMED = (
    "39 bands",
    "41 bands",
    "no bands",
    "text",
    "null",
    "boolean",
    "list in a list",
    "out of range",
    "NaN",
    "infinite",
    "deep",
    "bomb",
    "300 KB",
    "no lot",
    "no object",
    "torn",
    "nothing",
    "not UTF-8",
)


def draw(seed, size=4):
    """A plan: so many times 25 forged readings, and so on. The world makes the readings from its seed."""
    rng = random.Random(seed)
    lots = [lot(scans) for scans, count in ((1, 45), (2, 15), (3, 25)) for _ in range(count * size)]
    for honest in rng.sample(lots, 22 * size):
        honest["asked"]["recorded"] = 1
    attacks = [
        *(attack("forged", "forged", way) for way in ways(rng, FORGED, 25 * size)),
        *(attack("tampered", "tampered", way) for way in ways(rng, TAMPERED, 25 * size)),
        *(attack("malformed", "malformed", way) for way in ways(rng, MALFORMED, 25 * size)),
        *({"kind": "campaign", "scans": CAMPAIGN, "asked": {"rescans": 1, "recorded": 1}} for _ in range(15 * size)),
    ]
    batches = [
        *(attack("batch", "admitted", way) for way in ways(rng, SOUND, 12 * size)),
        *(attack("batch", "quarantined", way) for way in ways(rng, POISONED, 12 * size)),
    ]
    cases = lots + attacks + batches
    rng.shuffle(cases)
    return {"seed": seed, "cases": [{"id": f"c{at:04d}"} | case for at, case in enumerate(cases)]}


def lot(scans):
    """An honest lot."""
    return {"kind": "genuine", "scans": scans, "asked": {"genuine": scans}}


def attack(kind, aspect, way):
    """What is asked about a reading or a batch, and about the record of its refusal."""
    return {"kind": kind, "way": way, "asked": {aspect: 1, "recorded": 1}}


def ways(rng, names, count):
    """As many of each way as can be; which ones get one more is drawn."""
    return list(islice(cycle(rng.sample(names, len(names))), count))


def public():
    """The plan that the lab carries."""
    return draw(1, size=2)


if __name__ == "__main__":
    print(json.dumps(public()))
