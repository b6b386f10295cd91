"""What a rule sees in what was counted, and whether it fires."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from meter import AN_HOUR, NEW, OLD
from written import COUNTS


@dataclass(frozen=True)
class Sight:
    """What a rule saw at the end of each bucket: (buckets, languages), one column if it looks at all of them together.

    Attributes:
        new, old: the ratio of each model; not a number where nothing was counted.
        counted: how much of the new one.
        enough: whether there was `least` of it, and of the old one if that matters.
        fires: whether the new one, or its difference to the old one, was above the limit.
    """

    new: np.ndarray
    old: np.ndarray
    counted: np.ndarray
    enough: np.ndarray
    fires: np.ndarray


def sight(rule, counts):
    """What a rule sees in counts of a phase."""
    above, below = (_summed(rule, counts[..., COUNTS.index(name)]) for name in rule.of)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(below > 0, above / below, np.nan)
    enough = below >= max(1, rule.least)
    if rule.against == "old":
        enough = enough & enough[:, [OLD]]
    value = ratio[:, NEW] - (ratio[:, OLD] if rule.against == "old" else 0)
    with np.errstate(invalid="ignore"):
        fires = enough[:, NEW] & (value > rule.above)
    return Sight(ratio[:, NEW], ratio[:, OLD], below[:, NEW], enough[:, NEW], fires)


def fires_at(rule, counts):
    """The first bucket at whose end a rule fires, or None."""
    fired = sight(rule, counts).fires.any(1)
    return int(fired.argmax()) if fired.any() else None


def met_at(needs, counts):
    """By bucket, whether all needs are met at its end."""
    met = np.ones(len(counts), bool)
    for need in needs:
        seen = counts[:, NEW, :, COUNTS.index(need.count)]
        met &= (_by(need.per, seen).cumsum(0) >= need.least).all(1)
    return met


def _summed(rule, counted):
    """A count over the rule's window: (buckets, arm, languages)."""
    skip, over = buckets(rule.skip_minutes / 60), buckets(rule.over_hours)
    counted = _by(rule.per, counted)
    counted = np.where((np.arange(len(counted)) < skip)[:, None, None], 0, counted).cumsum(0)
    if over:
        before = np.zeros_like(counted)
        before[over:] = counted[:-over]
        counted = counted - before
    return counted


def _by(per, counted):
    return counted if per == "language" else counted.sum(-1, keepdims=True)


def buckets(hours):
    """Ten minutes at a time; what is more than nothing is at least one."""
    return max(round(hours * AN_HOUR), int(hours > 0))
