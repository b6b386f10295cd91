"""Figures of a model, as the runbook counts them. What is decided from them is not to be found here."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence


def sigmoid(value: float) -> float:
    """From log odds to a share."""
    return 1 / (1 + math.exp(-value))


def auc(scores: Sequence[float], labels: Sequence[int]) -> float:
    """How often a bad one has the higher score than a good one; a tie is half. 0.5 where there is but one kind."""
    bad = sum(labels)
    good = len(labels) - bad
    if not bad or not good:
        return 0.5
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks, at = 0.0, 0
    while at < len(order):
        end = at
        while end < len(order) and scores[order[end]] == scores[order[at]]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(labels[one] for one in order[at:end])
        at = end
    return (ranks - bad * (bad + 1) / 2) / (bad * good)


def gap(scores: Sequence[float], labels: Sequence[int]) -> float:
    """How far the mean score lies from the share that went bad."""
    return abs(sum(scores) - sum(labels)) / len(labels)


def worst_segment(scores: Sequence[float], labels: Sequence[int], segments: Sequence[str], least: int = 50) -> float:
    """The lowest AUC of a segment of so many rows."""
    where = defaultdict(list)
    for at, segment in enumerate(segments):
        where[segment].append(at)
    return min(
        auc([scores[at] for at in rows], [labels[at] for at in rows]) for rows in where.values() if len(rows) >= least
    )


def ratio(scores: Sequence[float], groups: Sequence[str], cutoff: float) -> float:
    """The lowest share of a group that would get the loan, by the highest."""
    shares = defaultdict(list)
    for score, group in zip(scores, groups, strict=True):
        shares[group].append(score < cutoff)
    rates = [sum(each) / len(each) for each in shares.values()]
    return min(rates) / max(max(rates), 1e-9)


def shares(scores: Iterable[float], edges: Sequence[float]) -> list[float]:
    """Which share of scores lies between each two edges; an edge belongs to the bin above it."""
    counts = [0] * (len(edges) + 1)
    for score in scores:
        counts[sum(score >= edge for edge in edges)] += 1
    return [count / sum(counts) for count in counts]


def psi(now: Sequence[float], then: Sequence[float]) -> float:
    """The population stability index of two lists of shares, each at least 0.001."""
    pairs = [(max(a, 0.001), max(b, 0.001)) for a, b in zip(now, then, strict=True)]
    return sum((a - b) * math.log(a / b) for a, b in pairs)
