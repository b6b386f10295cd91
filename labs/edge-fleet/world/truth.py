"""What is right to say of a cohort, by what had been delivered when it was asked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from fleet import DAY_S, DONE, ROUND_S, STARTED, Array, Cohort, Reports
from signals import ROUNDS

MEANS, TAIL, SUCCESS = 0.01, 0.02, 0.02
"""How far means and p95 may be off, as shares; and the share of updates that succeeded, in points."""
FIGURES = {"reports": int, "confidence": float, "latency_p95": float, "drain": float, "memory": float}


def delivered(reports: Reports, on: int) -> Array:
    """Which reports have come by the closing of a day."""
    return reports.received // ROUND_S < ROUNDS * (on + 1)


def figures(cohort: Cohort, day: int, on: int) -> dict[str, Any]:
    """The right figures of a cohort's day, asked after the closing of another; p95 as the range that is right."""
    reports = cohort.reports
    ours = delivered(reports, on) & (reports.day == day)
    confidence, latency, drain, memory = reports.signals[:, ours]
    means = {"confidence": confidence.mean(), "drain": drain.mean(), "memory": memory.mean()}
    return {"reports": int(ours.sum()), "latency_p95": tail(np.sort(latency)), **means}


def tail(values: Array) -> tuple[float, float]:
    """The two order statistics between which any definition of p95 lies."""
    at = 0.95 * len(values)
    return values[max(0, math.ceil(at) - 2)], values[min(len(values) - 1, math.floor(at) + 1)]


def off(said: dict[str, Any], right: dict[str, Any]) -> list[str]:
    """The names of figures that are wrong."""
    low, high = right["latency_p95"]
    wrong = {
        "reports": said["reports"] != right["reports"],
        "latency_p95": not low * (1 - TAIL) <= said["latency_p95"] <= high * (1 + TAIL),
    }
    wrong |= {name: abs(said[name] / right[name] - 1) > MEANS for name in ("confidence", "drain", "memory")}
    return sorted(name for name, so in wrong.items() if so)


def success(cohort: Cohort, on: int) -> tuple[float, float]:
    """The least and the largest share of updates that may be said to have succeeded: who said that one was done, and
    whose word that it began has not come yet, may be counted or not."""
    reports = cohort.reports
    come = delivered(reports, on)
    time = np.where(reports.clock, reports.at, reports.received)
    began: dict[int, int] = {}
    done: dict[int, int] = {}
    for event, found in ((STARTED, began), (DONE, done)):
        ours = come & (reports.event == event)
        for device, at in zip(reports.device[ours].tolist(), time[ours].tolist(), strict=True):
            found[device] = min(at, found.get(device, at))
    good = sum(device in done and done[device] - at <= DAY_S for device, at in began.items())
    without = len(done.keys() - began.keys())
    if not began:
        return 0.0, 1.0
    return good / len(began), (good + without) / (len(began) + without)
