"""Axes: what they are called, how far they go, and their round ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_NAMES = 60
TOO_NARROW = 1e-9
"""An axis that is narrower, by the size of its numbers, is as wide as one of a single number."""

ROUND = 1.0, 2.0, 5.0, 10.0


@dataclass(frozen=True)
class Axis:
    """An axis of numbers, or of names, at 0, 1, 2 and so on: at most 60 of them.

    Attributes:
        name, unit: what is written beside it, as "workers" or "latency, ms".
        low, high: where it begins and ends; None: where the data does.
        step: what lies between two ticks; None: a round number.
        names: what stands at 0, 1, 2 and so on.
    """

    name: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    names: Sequence[str] = ()

    @property
    def label(self) -> str:
        """Its name with its unit."""
        return ", ".join(filter(None, (self.name, self.unit)))


class Scale:
    """An axis over data, laid between two places of a picture (px), with at most so many ticks. If it `rounds`, ends
    that are the data's move to the next tick."""

    def __init__(
        self, axis: Axis, values: Iterable[float], begin: float, end: float, most: int, rounds: bool = False
    ) -> None:
        self._begin, self._px = begin, end - begin
        self.names = [str(name) for name in axis.names[:MOST_NAMES]]
        if self.names:
            self.low, self.high = -0.5, len(self.names) - 0.5
            every = math.ceil(len(self.names) / max(most, 1))
            self.ticks = [(float(at), name) for at, name in enumerate(self.names) if at % every == 0]
        else:
            self.low, self.high = limits(axis, values)
            if rounds:
                step = axis.step or rounded((self.high - self.low) / max(most, 1))
                self.low = self.low if axis.low is not None else math.floor(self.low / step + 1e-9) * step
                self.high = self.high if axis.high is not None else math.ceil(self.high / step - 1e-9) * step
            self.ticks = ticks(self.low, self.high, axis.step, most)

    def at(self, value: float) -> float:
        """Where a number is drawn; one past an end is drawn at the end."""
        inside = min(max(value, self.low), self.high)
        return self._begin + self._px * (inside - self.low) / (self.high - self.low)


def limits(axis: Axis, values: Iterable[float]) -> tuple[float, float]:
    """The ends of an axis, the second always larger."""
    known = list(values)
    low = axis.low if axis.low is not None else min(known, default=0.0)
    high = axis.high if axis.high is not None else max(known, default=1.0)
    return (low, high) if high - low > TOO_NARROW * max(abs(low), abs(high), 1.0) else (low, low + (abs(low) or 1.0))


def ticks(low: float, high: float, step: float | None, most: int) -> list[tuple[float, str]]:
    """Round numbers between two others, at most so many, with their texts."""
    step = step or rounded((high - low) / max(most, 1))
    while (high - low) / step > most:
        step *= 2
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(at * step, number(at * step, digits)) for at in range(first, last + 1)]


def rounded(step: float) -> float:
    """The next round number: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * each for each in ROUND if power * each >= step * (1 - 1e-9))


def number(value: float, digits: int) -> str:
    """A number as people read it: 12,000 as 12k."""
    if abs(value) >= 10_000 and digits == 0:
        return f"{value / 1000:,.6g}k"
    return f"{value:,.{min(digits, 6)}f}" if value else "0"
