"""How sure anybody can be of a month's loss: how far a plain reckoning errs where nothing was lost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEEK, BACK, AROUND, EVERY = 1008, 24, 72, 3
"""Buckets: of a week; until people have come back; that tell the level of a day on each side; between two tries."""


def doubt(would: NDArray[np.float64], spans: Sequence[tuple[int, int]]) -> float:
    """EUR, one standard deviation, that a reckoning of these outages is off.

    The reckoning: the same buckets of the other weeks, each week brought to the level of the twelve hours before and
    after. It is tried all over the month, on the sales as they would have been.

    Args:
        would: EUR in each bucket.
        spans: of each outage its first and its last bucket.
    """
    total = np.concatenate([[0.0], np.cumsum(would)])
    square = 0.0
    for first, last in spans:
        long = last - first + 1 + BACK
        starts = np.arange(AROUND, len(would) - long - AROUND, EVERY)
        inside = total[starts + long] - total[starts]
        near = total[starts + long + AROUND] - total[starts - AROUND] - inside
        usual, many = np.zeros(len(starts)), np.zeros(len(starts))
        for weeks in (-4, -3, -2, -1, 1, 2, 3, 4):
            there = starts + weeks * WEEK
            is_there = (there >= AROUND) & (there + long + AROUND <= len(would))
            there = there[is_there]
            other = total[there + long] - total[there]
            beside = total[there + long + AROUND] - total[there - AROUND] - other
            usual[is_there] += other * near[is_there] / beside
            many += is_there
        off = (usual / np.maximum(many, 1) - inside)[many > 2]
        share = np.sqrt(np.mean(off**2) / np.mean(inside[many > 2] ** 2))
        square += float(share * (total[min(first + long, len(would))] - total[first])) ** 2
    return math.sqrt(square)
