"""Rollouts minute by minute: a fine one, or one that goes bad. Rows as table `live` has them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from launch import Columns, Terms, arrays, before
from shadows import Quarter

MINUTES = 30
TIMES_WORSE = 3.0, 5.0
POINTS_WORSE = 0.18, 0.25
COST_WORSE = 1.9, 2.4
OLD_WORSE, OLD_KINDS = (2.5, 4.0), ("errors", "slow", "cost")
"""Of two old arms in three: errors or slow requests, times the SLO; nothing is asked of that arm. Often it is bad in
the way of the new one: who compares both sees nothing then."""


def rollout(rng: Random, terms: Terms, where: Sequence[Quarter], way: str) -> Columns:
    """Half an hour of both arms. `way`: of WAYS, or empty for a fine one. Both have a rough minute or two."""
    many = arrays(rng)
    onset = rng.randint(1, 5) if way else MINUTES + 1
    small = sorted((each for each in where if each.judged), key=lambda each: each.share)[:2]
    smallest = small[0].share
    a_minute, updates = rng.uniform(23, 34) / smallest, rng.uniform(8, 14)
    level = {"errors": rng.uniform(0.35, 0.55), "slow": rng.uniform(0.35, 0.55), "cost": rng.uniform(0.45, 0.65)}
    worse = {"errors": rng.uniform(*TIMES_WORSE), "slow": rng.uniform(*TIMES_WORSE), "cost": rng.uniform(*COST_WORSE)}
    rough = [
        (rng.randint(1, MINUTES), rng.choice(("errors", "slow", "cost")), rng.choice((("new",), ("old", "new"))))
        for _ in range(2)
    ]
    struck = rng.choice(small).name
    points = rng.uniform(*POINTS_WORSE)
    old = {each.name: before(rng) for each in where}
    new = {name: share + rng.uniform(-0.02, 0.015) for name, share in old.items()}
    old_level = dict(level)
    if rng.random() < 2 / 3:
        kind = rng.choice([*OLD_KINDS, way] if way in OLD_KINDS else OLD_KINDS)
        old_level[kind] = rng.uniform(*(COST_WORSE if kind == "cost" else OLD_WORSE))
    rows: list[tuple[int, str, str, int, int, int, int, int, float]] = []
    for minute in range(1, MINUTES + 1):
        for arm in ("old", "new"):
            bad = way if arm == "new" and minute >= onset else ""
            usual = level if arm == "new" else old_level
            here = {kind: worse[kind] if bad == kind else usual[kind] * rng.uniform(0.9, 1.1) for kind in level}
            for at, kind, arms in rough:
                if at == minute and arm in arms:
                    here[kind] = max(here[kind], rng.uniform(4.0, 7.0) if kind != "cost" else rng.uniform(2.5, 4.0))
            for each in where:
                judged = int(many.poisson(a_minute * each.share))
                requests = round(judged * updates) + int(many.poisson(2))
                off = (old if arm == "old" else new)[each.name]
                if bad == "segment" and each.name == struck:
                    off = old[each.name] + points
                errors = int(many.binomial(requests, min(1, here["errors"] * terms.slo_errors)))
                slow = int(many.binomial(requests, min(1, here["slow"] * terms.slo_slow)))
                eur = requests / 1000 * terms.limit_cost * here["cost"] * float(many.lognormal(0, 0.15))
                rows.append(
                    (
                        minute,
                        arm,
                        each.name,
                        requests,
                        errors,
                        slow,
                        judged,
                        int(many.binomial(judged, off)),
                        round(eur, 5),
                    )
                )
    return table(rows)


NAMES = "minute", "arm", "segment", "requests", "errors", "slow", "judged", "wrong", "eur"


def table(rows: Sequence[tuple[object, ...]]) -> Columns:
    """Rows as columns."""
    return dict(zip(NAMES, map(list, zip(*rows, strict=True)), strict=True))


def until(live: Columns, minute: int) -> Columns:
    """The rows of the first minutes."""
    keep = [at for at, each in enumerate(live["minute"]) if each <= minute]
    return {name: [values[at] for at in keep] for name, values in live.items()}
