"""Requests through a queue, many exams at once: first come, first served, by several servers.

Arrays have a row an exam and a column a request; times are in seconds.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.load.plan import PlannedPhase
from grader.load.schedule import schedule

Times: TypeAlias = npt.NDArray[np.float64]

ARRIVALS = ("even", "poisson")
SERVICES = ("exponential", "lognormal")
VARIATION = 1.5
"""Standard deviation of a log-normal service time over its mean; 1 for an exponential one."""


def arrivals(kind: str, exams: int, rate: float, seconds: float, seed: int) -> Times:
    """When each request is due, from 0.

    Args:
        kind: `even`: the load generator's own schedule, a seed an exam; `poisson`: as many, with exponential gaps.
        rate: requests per second.
        seconds: length of an exam; it has rate * seconds requests.
    """
    if kind == "even":
        phase = PlannedPhase(phase="all", start=0, seconds=seconds, rate=rate)
        return np.array([[a.due for a in schedule([phase], seed * exams + n)] for n in range(exams)])
    gaps = np.random.default_rng(seed).exponential(1 / rate, (exams, int(rate * seconds)))
    return np.cumsum(gaps, axis=1)


def services(kind: str, mean: float, shape: tuple[int, ...], rng: np.random.Generator) -> Times:
    """Service times of that mean."""
    if kind == "exponential":
        return rng.exponential(mean, shape)
    sigma = math.sqrt(math.log(1 + VARIATION**2))
    return rng.lognormal(math.log(mean) - sigma**2 / 2, sigma, shape)


def latencies(due: Times, service: Times, servers: int) -> Times:
    """Waiting and service of each request.

    By the recursion of Kiefer and Wolfowitz ("On the theory of queues with many servers", Trans. AMS 78, 1955): the
    work in front of each server, least first; a request waits for the least one.
    """
    work = np.zeros((len(due), servers))
    waits = np.empty_like(due)
    gaps = np.diff(due, axis=1, prepend=due[:, :1])
    for n in range(due.shape[1]):
        work = np.maximum(work - gaps[:, n, None], 0)
        waits[:, n] = work[:, 0]
        work[:, 0] += service[:, n]
        work.sort(axis=1)
    return waits + service


def design_effect(bad: npt.NDArray[Any], block: int) -> float:
    """Variance of the blocks' counts of bad requests over that of independent ones; `block` requests a block."""
    counts = bad[:, : bad.shape[1] // block * block].reshape(len(bad), -1, block).sum(axis=2)
    ratio = bad.mean()
    return float(counts.var() / (block * ratio * (1 - ratio)))
