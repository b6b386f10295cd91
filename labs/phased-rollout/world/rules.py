"""What a rule sees in what was counted, and whether it fires."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from meter import AN_HOUR, NEW, OLD
from numpy.typing import NDArray
from written import COUNTS, Need, Rule


@dataclass(frozen=True)
class Sight:
    """What a rule saw at the end of each bucket: (buckets, languages), one column if it looks at all of them together.

    Attributes:
        new, old: the ratio of each model; not a number where nothing was counted.
        counted: how much of the new one.
        enough: whether there was `least` of it, and of the old one if that matters.
        fires: whether the new one, or its difference to the old one, was above the limit.
    """

    new: NDArray[Any]
    old: NDArray[Any]
    counted: NDArray[Any]
    enough: NDArray[Any]
    fires: NDArray[Any]


def totals(counts: NDArray[Any]) -> NDArray[Any]:
    """All that was counted before each bucket of a phase and after the last: (count, bucket + 1, arm, language)."""
    return np.concatenate([np.zeros_like(counts[:, :1]), counts.cumsum(1)], 1)


def sight(rule: Rule, totals: NDArray[Any], since: int = 0) -> Sight:
    """What a rule sees in the totals of a phase, at the end of buckets from `since` on."""
    above, below = (_summed(rule, totals[COUNTS.index(name)], since) for name in rule.of)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(below > 0, above / below, np.nan)
    enough = below >= max(1, rule.least)
    if rule.against == "old":
        enough = enough & enough[:, [OLD]]
    value = ratio[:, NEW] - (ratio[:, OLD] if rule.against == "old" else 0)
    with np.errstate(invalid="ignore"):
        fires = enough[:, NEW] & (value > rule.above)
    return Sight(ratio[:, NEW], ratio[:, OLD], below[:, NEW], enough[:, NEW], fires)


def fires_at(rule: Rule, totals: NDArray[Any], since: int) -> int | None:
    """The first bucket, from `since` on, at whose end a rule fires, or None."""
    fired = sight(rule, totals, since).fires.any(1)
    return since + int(fired.argmax()) if fired.any() else None


def met_at(needs: Iterable[Need], totals: NDArray[Any]) -> NDArray[Any]:
    """By bucket, whether all needs are met at its end."""
    met = np.ones(totals.shape[1] - 1, bool)
    for need in needs:
        seen = totals[COUNTS.index(need.count), 1:, NEW]
        met &= (_by(need.per, seen) >= need.least).all(1)
    return met


def _summed(rule: Rule, total: NDArray[Any], since: int) -> NDArray[Any]:
    """A count over the rule's window: (buckets, arm, languages)."""
    skip, over = buckets(rule.skip_minutes / 60), buckets(rule.over_hours)
    ends = np.arange(since + 1, len(total))
    begins = np.minimum(ends, np.maximum(skip, ends - over if over else 0))
    return _by(rule.per, total[ends] - total[begins])


def _by(per: str, counted: NDArray[Any]) -> NDArray[Any]:
    return counted if per == "language" else counted.sum(-1, keepdims=True)


def buckets(hours: float) -> int:
    """Ten minutes at a time; what is more than nothing is at least one."""
    return max(round(hours * AN_HOUR), int(hours > 0))
