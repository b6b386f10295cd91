"""Geometry of the charts: scales, ticks and SVG paths. The template draws what these hold.

Horizontally everything is a share of the plot's width: labels and bands in per cent, paths on 0..1000 in a box that is
stretched. Vertically it is pixels, so that text keeps its size on any screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDE = 1000
TOP = 6
"""Room above the highest value of a plot, in pixels."""


@dataclass(frozen=True)
class Tick:
    """A grid line: its place (pixels down, or per cent along) and its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Shape:
    """A path of a series; `style` is its CSS class, which sets colour, dash and pattern."""

    style: str
    path: str


@dataclass(frozen=True)
class Band:
    """A stretch of time, in per cent along."""

    start: float
    width: float
    label: str = ""


@dataclass(frozen=True)
class Legend:
    """How a series is drawn, and what it is."""

    style: str
    label: str
    filled: bool = False


@dataclass(frozen=True)
class Panel:
    """One plot of a trial: what is drawn, from back to front, and the words for those who cannot see it."""

    title: str
    description: str
    height: int
    ticks: tuple[Tick, ...]
    shapes: tuple[Shape, ...]
    legend: tuple[Legend, ...] = ()
    marks: tuple[float, ...] = ()
    shaded: tuple[Band, ...] = ()
    target: Tick | None = None


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` on a plot of `height` pixels, linear or by decades; beyond them is the edge."""

    low: float
    high: float
    height: int
    logarithmic: bool = False

    def y(self, value: float) -> float:
        """Pixels from the top, to a tenth."""
        value = min(max(value, self.low), self.high)
        low, high = self.low, self.high
        if self.logarithmic:
            value, low, high = math.log10(value), math.log10(low), math.log10(high)
        share = (value - low) / (high - low)
        return round(TOP + (1 - share) * (self.height - TOP - 1), 1)


def decades(values: Sequence[float], height: int) -> Scale:
    """A logarithmic scale for positive seconds that reaches at least from 10 ms to 1 s, in whole decades."""
    finite = [value for value in values if 0 < value < math.inf]
    low = math.floor(math.log10(max(min(finite, default=0.01), 1e-4)) + 1e-9)
    high = math.ceil(math.log10(max(finite, default=1.0)) - 1e-9)
    return Scale(10.0 ** min(low, -2), 10.0 ** max(high, 0), height, logarithmic=True)


def decade_ticks(scale: Scale) -> tuple[Tick, ...]:
    """A tick a decade: 1 ms, 10 ms, 100 ms, 1 s, ..."""
    powers = range(round(math.log10(scale.low)), round(math.log10(scale.high)) + 1)
    labels = {-4: "0.1 ms", -3: "1 ms", -2: "10 ms", -1: "100 ms"}
    return tuple(Tick(scale.y(10.0**power), labels.get(power, f"{10 ** max(power, 0)} s")) for power in powers)


def round_up(value: float) -> float:
    """The least of 1, 2, 3, 4, 5, 6, 8 times a power of ten that is not below `value`; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 2, 3, 4, 5, 6, 8) if step * power >= value * 0.999999), 10 * power)


def time_ticks(end_s: float, most: int = 6) -> tuple[Tick, ...]:
    """At most `most` round times along the axis, from 0."""
    step = next((s for s in (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600) if end_s / s <= most), end_s)
    return tuple(Tick(along(i * step, end_s), f"{i * step:g} s") for i in range(int(end_s / step + 1e-9) + 1))


def along(time_s: float, end_s: float) -> float:
    """Per cent of the plot's width, to a hundredth."""
    return round(100 * time_s / end_s, 2) if end_s else 0.0


def band(start_s: float, until_s: float, end_s: float, label: str = "") -> Band:
    """A stretch of seconds as a band."""
    start = along(start_s, end_s)
    return Band(start, round(along(until_s, end_s) - start, 2), label)


def line(values: Sequence[float | None], scale: Scale) -> str:
    """A line through the middles of the buckets, broken where there is no value; a lone value is a short dash."""
    width = WIDE / len(values)
    parts: list[str] = []
    for run in _runs(values):
        points = [f"{_short((i + 0.5) * width)},{_short(scale.y(value))}" for i, value in run]
        parts.append(f"M{points[0]}h{_short(width / 3)}" if len(points) == 1 else "M" + "L".join(points))
    return "".join(parts)


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((i, value))
    return [run for run in runs if run]


def columns(lower: Sequence[float], upper: Sequence[float]) -> str:
    """Filled bars from `lower` to `upper` (pixels down), one a bucket; equal neighbours become one."""
    width = WIDE / len(lower)
    parts: list[str] = []
    start = 0
    for i in range(1, len(lower) + 1):
        if i < len(lower) and lower[i] == lower[start] and upper[i] == upper[start]:
            continue
        if abs(lower[start] - upper[start]) >= 0.05:
            left, right = _short(start * width), _short(i * width)
            parts.append(f"M{left},{_short(lower[start])}V{_short(upper[start])}H{right}V{_short(lower[start])}Z")
        start = i
    return "".join(parts)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class IntervalBar:
    """An objective's interval on a scale of its own, in per cent along: the ends of the scale in words, interval,
    estimate (None without events) and target."""

    start_label: str
    end_label: str
    low: float
    high: float
    estimate: float | None
    target: float


def interval_bar(low: float, high: float, estimate: float | None, target: float) -> IntervalBar:
    """The bar, from the roundest ratio clearly below both interval and target up to 100 %."""
    least = min(low, target)
    starts = (0.999, 0.995, 0.99, 0.98, 0.95, 0.9, 0.8, 0.5, 0.0)
    start = next(s for s in starts if s == 0 or s <= least - 0.12 * (1 - s))
    places = [None if x is None else along(x - start, 1 - start) for x in (low, high, estimate, target)]
    at_low, at_high, at_estimate, at_target = places
    assert at_low is not None and at_high is not None and at_target is not None
    return IntervalBar(f"{100 * start:g} %", "100 %", at_low, at_high, at_estimate, at_target)
