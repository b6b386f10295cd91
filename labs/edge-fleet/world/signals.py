"""What devices measure, and how far it goes off: confidence in points, all else in logarithms."""

from __future__ import annotations

import math
from typing import NamedTuple

SIGNALS = "confidence", "latency", "drain", "memory"
DAYS, ROUNDS = 8, 4
"""Of a season, and of a day; the draw has them from here."""


class Signal(NamedTuple):
    """`base` of a typical device; the rest are standard deviations, and what shifts it."""

    base: float
    city: float
    cohort: float
    device: float
    report: float
    day: float
    cohort_day: float
    weekend: float
    fresh: float
    broken: float
    old: float
    weather: float


TABLE = {
    "confidence": Signal(0.80, 0.03, 0.02, 0.06, 0.03, 0.02, 0.002, 0.015, -0.15, -0.6, -0.19, -0.10),
    "latency": Signal(math.log(120), 0.15, 0.08, 0.20, 0.12, 0.05, 0.010, -0.06, 0.9, 2.8, 0.85, 0.45),
    "drain": Signal(math.log(2.4), 0.12, 0.08, 0.25, 0.20, 0.10, 0.015, -0.15, 1.0, 3.6, 1.10, 0.70),
    "memory": Signal(math.log(310), 0.05, 0.04, 0.12, 0.04, 0.02, 0.0035, 0.0, 0.25, 1.4, 0.40, 0.21),
}
"""`day`: a city's days differ; `cohort_day`: so do a cohort's by themselves. `fresh`: the report after a start.
`broken`: a device that is. `old`: devices that join. `weather`: a whole city."""

LEAST = {"confidence": 0.085, "latency": 1.45, "drain": 1.8, "memory": 1.17}
"""The least trend, as `effect` takes it."""

HOURS = (-0.05, 0.0, 0.03, 0.0)
"""Confidence by round of the day: nights are dark."""


def effect(signal: str, by: float) -> float:
    """How far a trend shifts a signal: confidence falls by points, all else grows so many times."""
    return -by if signal == "confidence" else math.log(by)
