"""Trainings: in which pool of machines, what that costs, and how surely they are done in time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from plans import After, Fleet, Thing

SURE = 0.99
NEVER_BETWEEN = (0.96, 0.998)  # so that whoever estimates the chance decides as whoever computes it

# hours of work, hours between checkpoints, deadline in times the work, machines: no other figure tells checkpoints
KINDS = (
    ((16, 32), (1, 2), (2.06, 2.4), (20, 32)),
    ((16, 32), (1, 2), (2.06, 2.4), (20, 32)),
    ((16, 32), (1, 2), (1.06, 1.3), (20, 32)),
    ((20, 36), (7, 12), (1.5, 2.2), (6, 12)),
    ((18, 30), (None, None), (1.4, 2.3), (20, 32)),
    ((2, 3), (None, None), (8.0, 12.0), (6, 12)),
)


def drawn_pools(rng: random.Random, names: Sequence[str]) -> list[Thing]:
    """Machines that stay, and three kinds that may be taken away; the cheaper are not always taken sooner."""
    price = round(rng.uniform(2.2, 3.6), 2)
    pools = [{"pool": "on-demand", "usd_per_hour": price, "interruptions_per_hour": 0.0}]
    shares, chances = ((0.62, 0.72), (0.46, 0.54), (0.24, 0.3)), [(0.002, 0.004), (0.012, 0.02), (0.07, 0.12)]
    if rng.random() < 0.5:
        rng.shuffle(chances)
    for name, share, chance in zip(names, shares, chances, strict=True):
        costs, breaks = round(price * rng.uniform(*share), 2), round(rng.uniform(*chance), 4)
        pools.append({"pool": name, "usd_per_hour": costs, "interruptions_per_hour": breaks})
    rng.shuffle(pools)
    return pools


def drawn_trainings(rng: random.Random, pools: Sequence[Thing]) -> list[Thing]:
    """One of each kind, so drawn that no pool is a close call for any."""
    trainings = [_drawn(rng, pools, kind) for kind in KINDS]
    rng.shuffle(trainings)
    return trainings


def _drawn(rng: random.Random, pools: Sequence[Thing], kind: Any) -> Thing:
    hours, every, slack, machines = kind
    while True:
        work, runs = rng.randint(*hours), rng.choice((2, 4, 6))
        training = {
            "machines": rng.randint(*machines), "hours": work,
            "checkpoint_hours": None if every[0] is None else rng.randint(*every),
            "deadline_hours": max(work + 2, round(work * rng.uniform(*slack))), "runs": runs, "pool": "on-demand",
        }  # fmt: skip
        low, high = NEVER_BETWEEN
        if not any(low < chance < high for chance, _ in outcomes(training, pools).values()):
            return training


def outcomes(training: Thing, pools: Sequence[Thing]) -> dict[str, tuple[float, float]]:
    """Of each pool: the chance to be done in time, and the hours that a run is expected to take (and be paid for)."""
    rates = tuple(each["interruptions_per_hour"] for each in pools)
    every = training["checkpoint_hours"] or training["hours"]
    found = _finished(training["hours"], every, training["deadline_hours"], rates)
    return dict(zip((each["pool"] for each in pools), found, strict=True))


@lru_cache(maxsize=8192)
def _finished(hours: int, every: int, deadline: int, rates: tuple[float, ...]) -> list[tuple[float, float]]:
    """Exact, hour by hour: `at[s]` is the chance that s hours of work are done and not yet all.

    An hour with an interruption counts for nothing, and what was done since the last checkpoint is lost.
    """
    lost_at = np.arange(0, hours, every)
    chance = np.array(rates)[:, None]
    at = np.zeros((len(rates), hours))
    at[:, 0] = 1.0
    done, paid = np.zeros(len(rates)), np.zeros(len(rates))
    for _ in range(deadline):
        paid += at.sum(axis=1)
        on, lost = at * (1 - chance), np.add.reduceat(at * chance, lost_at, axis=1)
        done += on[:, -1]
        at = np.zeros_like(at)
        at[:, 1:] = on[:, :-1]
        at[:, lost_at] += lost
    return [(float(one), float(other)) for one, other in zip(done, paid, strict=True)]


def cost(fleet: Fleet, after: After) -> float:
    """USD of next month, expected."""
    return sum(_cost(fleet, each, after.pools[each["name"]]) for each in fleet["trainings"])


def _cost(fleet: Fleet, training: Thing, pool: str) -> float:
    price = next(each["usd_per_hour"] for each in fleet["pools"] if each["pool"] == pool)
    return float(training["runs"] * training["machines"] * outcomes(training, fleet["pools"])[pool][1] * price)


def harm(fleet: Fleet, after: After, training: Thing) -> str:
    """Why a training is not done in time; empty if it is, in 99 of 100 runs."""
    chance = outcomes(training, fleet["pools"])[after.pools[training["name"]]][0]
    return "" if chance >= SURE else f"done in time in {100 * chance:.1f} of 100 runs"


def best(fleet: Fleet) -> float:
    """The least that trainings can cost without harm."""
    return sum(
        min(
            _cost(fleet, training, pool)
            for pool, (chance, _) in outcomes(training, fleet["pools"]).items()
            if chance >= SURE
        )
        for training in fleet["trainings"]
    )
