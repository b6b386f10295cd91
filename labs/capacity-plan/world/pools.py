"""A pool's demand: fourteen days that the planner is shown, and four that it plans for, in ticks of ten minutes."""

from __future__ import annotations

import hashlib
from typing import Any, NotRequired, TypedDict, final

import numpy as np
import numpy.typing as npt
from casebook.plan import Case, Plan
from nodes import Packing

Array = npt.NDArray[Any]

TICK_S, TICKS = 600, 144
HISTORY, LIVE = 14, 4
CORES = 4
"""A worker has one GPU and so many cores."""

LEVEL, SECONDS = (150, 600), (20, 60)
"""Jobs a tick by day; seconds of a whole worker that a job takes."""

NIGHT, WEEKEND = (0.12, 0.30), (0.1, 0.35)
"""Of a day's level: what comes at night, and what comes by day on Saturdays and Sundays."""

MORNING, EVENING, LATER = (7, 9.2), (17, 19.5), 2
"""Hours at which a day begins and ends, and by how many it begins later at weekends."""

GROWTH = 0.015
DAY_NOISE, NOISE = 0.05, 0.05
WARM_UP = 2, 6
"""Of small weights, and of large ones."""

SPARE = 0.1, 0.7
"""How busy the other part of a worker is, its cores or its GPU, when the scarce one is full."""


class Happens(TypedDict):
    """On a day: from which tick on, for how many, times what; `expected` is what the calendar says."""

    kind: str
    tick: NotRequired[int]
    ticks: NotRequired[int]
    expected: NotRequired[float]
    factor: NotRequired[float]


@final
class PoolCase(Case):
    """A pool, and what happens on its four days."""

    bound: str
    weekday: int
    days: list[Happens]


Season = Plan[PoolCase | Packing]


class Pool:
    """One pool of a plan, made from the plan's seed and its own case.

    Attributes:
        days: what happens on each live day, from the plan.
        weekday: of the first live day; 0 is Monday.
        arrivals: (18, 144), jobs a tick; the last four days are live.
        gpu_s, cpu_s: seconds of a GPU, and of cores, that a job takes.
        seconds: what it takes of a whole worker: of the part of it that is scarce.
        needed: (18, 144), workers that hindsight needs.
        warm_up: ticks until a worker that was ordered works.
        calendar: launches, as the planner is told of them.
    """

    def __init__(self, plan: Season, case: PoolCase) -> None:
        self.id, self.days, self.weekday = case["id"], case["days"], case["weekday"]
        digest = hashlib.blake2b(f"{plan['seed']}:{self.id}".encode(), digest_size=8).digest()
        rng = np.random.default_rng(int.from_bytes(digest))
        self.warm_up = int(rng.choice(WARM_UP))
        full, spare = rng.uniform(*SECONDS), rng.uniform(*SPARE)
        gpu, cpu = (1, spare) if case["bound"] == "gpu" else (spare, 1)
        self.gpu_s, self.cpu_s = round(full * gpu, 2), round(full * cpu * CORES, 2)
        self.calendar: list[dict[str, Any]] = []
        mean = curve(rng, self.weekday)
        for day, happens in enumerate(self.days):
            if happens["kind"] != "ordinary":
                hit = slice(happens["tick"], happens["tick"] + happens["ticks"])
                mean[HISTORY + day, hit] *= happens["factor"]
            if happens["kind"] == "launch":
                self.calendar.append({"day": day, **{key: happens[key] for key in ("tick", "ticks", "expected")}})
        self.arrivals = rng.poisson(mean)
        self.seconds = max(self.gpu_s, self.cpu_s / CORES)
        self.needed = np.ceil(self.arrivals * self.seconds / TICK_S).clip(1)


def curve(rng: np.random.Generator, weekday: int) -> Array:
    """Mean jobs a tick of all days, before anything happens; `weekday` is that of the first live day, Monday is 0."""
    night, level = rng.uniform(*NIGHT), rng.uniform(*LEVEL)
    up, down = rng.uniform(*MORNING), rng.uniform(*EVENING)
    lunch, quiet = rng.uniform(0, 0.2), rng.uniform(*WEEKEND)
    shapes = [night + (1 - night) * each for each in (busy(up, down, lunch), quiet * busy(up + LATER, down, 0))]
    days = np.arange(-HISTORY, LIVE)
    growth = (1 + rng.uniform(0, GROWTH)) ** days
    each = level * growth * np.exp(rng.normal(0, DAY_NOISE, len(days)))
    shape = np.array([shapes[int((day + weekday) % 7 >= 5)] for day in days])
    found: Array = each[:, None] * shape * np.exp(rng.normal(0, NOISE, shape.shape))
    return found


def busy(up: float, down: float, lunch: float) -> Array:
    """How much of a day's level there is beyond the night's, by tick: most of it comes within 40 minutes."""
    hours = np.arange(TICKS) / 6
    day = 1 / (1 + np.exp(-(hours - up) / 0.08)) - 1 / (1 + np.exp(-(hours - down) / 0.7))
    found: Array = day * (1 - lunch * np.exp(-(((hours - 12.75) / 0.6) ** 2) / 2))
    return found
