"""The exam's decisions in a few lines, before there was a lab: what each rule does with drawn claims and late labels.

    .venv/bin/python tests/labs/shadow-deploy/sketch.py 400    # draws of each kind

One row a rule, one column a kind: how many of a hundred draws end with v2 live. `turns` counts those taken back in 3 s,
`well` those taken back although nothing was wrong, both by the rule that looks after a promotion.
"""

from __future__ import annotations

import math
import random
import sys
from typing import NamedTuple

CLAIMS_S, SHARE, HARD, REGIONS = 120.0, 0.8, 0.3, 5
SIMPLE_S, HARD_S, MATURE_S, ALL_S = (0.4, 1.0), (1.6, 2.6), 2.8, 7.5
CORRECTED = 0.05
V1 = (0.90, 0.66)
KINDS = {
    "better": (0.96, 0.82, None),
    "late-good": (0.85, 0.98, None),
    "late-bad": (0.98, 0.12, None),
    "region": (0.98, 0.93, 0.40),
}


class Pair(NamedTuple):
    """A claim with a label: when it came, when its label did (s), its region, and who was right."""

    came: float
    seen: float
    region: int
    old: bool
    new: bool


def pairs(kind: tuple[float, float, float | None], seconds: float, rng: random.Random) -> list[Pair]:
    """Of a stretch, in the order in which labels come."""
    shift = [rng.uniform(-0.01, 0.01) for _ in range(4)]
    found = []
    deck: list[tuple[bool, int]] = []
    for n in range(int(CLAIMS_S * seconds)):
        came = n / CLAIMS_S
        if not deck:
            deck = [(place < 3, region) for region in range(REGIONS) for place in range(10)]
            rng.shuffle(deck)
        hard, region = deck.pop()
        if rng.random() >= SHARE:
            continue
        late = rng.uniform(*(HARD_S if hard else SIMPLE_S))
        turned = rng.random() < CORRECTED and came + late + rng.uniform(*SIMPLE_S) > seconds
        old = rng.random() < V1[hard] + shift[hard]
        rate = kind[2] if kind[2] is not None and region == 0 else kind[hard] + shift[2 + hard]
        new = rng.random() < rate
        found.append(Pair(came, came + late, region, old != turned, new != turned))
    return sorted(found, key=lambda one: one.seen)


def gain(some: list[Pair]) -> float:
    """How much more of them v2 is right on."""
    return sum(one.new - one.old for one in some) / len(some) if some else 0.0


def fit(some: list[Pair], overall: float = -0.02, region: float = -0.15, floor: int = 40) -> bool:
    """The brief's test of quality, on these pairs."""
    by = [[one for one in some if one.region == each] for each in range(REGIONS)]
    return gain(some) >= overall and all(gain(each) >= region for each in by if len(each) >= floor)


def mature(found: list[Pair], at: float, region: float = -0.15) -> bool:
    """At this moment, on claims that have had time to be labelled."""
    return fit([one for one in found if one.came <= at - MATURE_S and one.seen <= at], region=region)


def first_labels(found: list[Pair], many: int = 150) -> bool:
    """When so many labels are in."""
    return fit(found[:many])


def all_labels(found: list[Pair], at: float) -> bool:
    """At this moment, mature or not."""
    return fit([one for one in found if one.seen <= at])


def wealth(wins: int, losses: int, share: float) -> float:
    """log of an e-value on discordant pairs against `at most this share are won`: a Beta(1, 1) mixture above it."""
    grid = [share + (1 - share) * (n + 0.5) / 40 for n in range(40)]
    logs = [wins * math.log(p / share) + losses * math.log((1 - p) / (1 - share)) for p in grid]
    top = max(logs)
    return top + math.log(sum(math.exp(each - top) for each in logs) / len(logs))


def sequential(found: list[Pair], until: float) -> bool:
    """E-values on the discordant of mature pairs, looked at all the time; at the end, the brief's test."""
    step = 0.2
    for n in range(int(MATURE_S / step), int(until / step) + 1):
        some = [one for one in found if one.came <= n * step - MATURE_S and one.seen <= n * step]
        by = [some] + [[one for one in some if one.region == each] for each in range(REGIONS)]
        won = [(sum(o.new > o.old for o in part), sum(o.new < o.old for o in part)) for part in by]
        if any(wealth(lost, wins, 0.65) > math.log(50) for wins, lost in won):
            return False
        if wealth(*won[0], 0.5) > math.log(50) and all(wealth(*each, 0.4) > math.log(5) for each in won[1:]):
            return True
    return mature(found, until)


def taken_back(rng: random.Random, *, falls: bool, window_s: float = 2.0, limit: float = -0.12) -> float:
    """v2 of `better` is live, and falls to 0.45 after 4 s: seconds until the last labels say so, or inf."""
    good = pairs(KINDS["better"], 8.0, rng)
    bad = pairs((0.45, 0.45, None), 8.0, rng)
    both = [one for one in good if one.came < 4 or not falls] + [one for one in bad if one.came >= 4 and falls]
    found = sorted(both, key=lambda one: one.seen)
    for n in range(20, 80):
        at = n * 0.1
        some = [one for one in found if at - window_s <= one.seen <= at]
        if len(some) >= 100 and gain(some) < limit:
            return at - 4.0
    return math.inf


def nervous(rng: random.Random) -> bool:
    """Back, in 2 s of a version that is well, when of ten labels in a row fewer than nine are right."""
    right = [one.new for one in pairs(KINDS["better"], 5.0, rng) if 3.0 <= one.seen <= 5.0]
    return any(sum(right[n : n + 10]) < 9 for n in range(len(right) - 9))


def main(draws: int) -> None:
    """Print the table."""
    rules = {
        "mature at 7.0": lambda found: mature(found, 7.0),
        "mature, region -0.12": lambda found: mature(found, 7.0, -0.12),
        "sequential until 7.0": lambda found: sequential(found, 7.0),
        "first 150": first_labels,
        "first 100": lambda found: first_labels(found, 100),
        "first 80": lambda found: first_labels(found, 80),
        "all at 7.0": lambda found: all_labels(found, 7.0),
        "overall at 7.0": lambda found: fit([o for o in found if o.came <= 7.0 - MATURE_S], region=-2),
    }
    print(f"{'live, of 100':22}", *(f"{kind:>9}" for kind in KINDS))
    for name, rule in rules.items():
        shares = []
        for kind, rates in KINDS.items():
            rng = random.Random(kind)
            shares.append(100 * sum(rule(pairs(rates, 7.5, rng)) for _ in range(draws)) / draws)
        print(f"{name:22}", *(f"{share:9.2f}" for share in shares))
    rng = random.Random(5)
    times = sorted(taken_back(rng, falls=True) for _ in range(draws))
    print(f"taken back after: median {times[draws // 2]:.1f} s, worst {times[-1]:.1f}, first {times[0]:.1f}")
    print("taken back though well", sum(taken_back(rng, falls=False) < math.inf for _ in range(draws)))
    print("nervous", sum(nervous(rng) for _ in range(draws)) / draws)


if __name__ == "__main__":
    main(int(sys.argv[1]))
