"""The figures of the runbook, from holdout, scores and model. None is read off the card."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict

from package import Package


def auc(scores: list[float], labels: list[int]) -> float:
    """How often a borrower who went bad has the higher score than one who did not; ties count half."""
    good = sorted(score for score, label in zip(scores, labels, strict=True) if not label)
    bad = [score for score, label in zip(scores, labels, strict=True) if label]
    if not good or not bad:
        raise ValueError("there is no AUC where all labels are the same")
    wins = sum(bisect_left(good, score) + bisect_right(good, score) for score in bad) / 2
    return wins / (len(good) * len(bad))


def logistic(z: float) -> float:
    """1 / (1 + exp(-z)), also where exp(-z) is too large to hold."""
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def max_difference(package: Package) -> float:
    """How far scores.csv is from what the model gives, in the worst row."""
    used = [(weight, package.columns[name]) for weight, name in zip(package.weights, package.inputs, strict=True)]
    most = 0.0
    for row, score in enumerate(package.scores):
        z = package.intercept + sum(weight * values[row] for weight, values in used)
        # inf - inf is no number: such a model gives no score, so it is off by all of it
        most = max(most, 1.0 if math.isnan(z) else abs(logistic(z) - score))
    return most


def calibration(package: Package) -> float:
    """Mean score less the share that went bad; above 0 the model is too strict."""
    return (sum(package.scores) - sum(package.labels)) / len(package.labels)


def segment_aucs(package: Package, least_rows: int) -> dict[str, float]:
    """Segment -> AUC, for those with enough rows."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, segment in enumerate(package.segments):
        rows[segment].append(row)
    return {
        segment: auc([package.scores[row] for row in found], [package.labels[row] for row in found])
        for segment, found in rows.items()
        if len(found) >= least_rows
    }


def loan_shares(package: Package, cutoff: float) -> dict[str, float]:
    """Group -> share that gets the loan."""
    gets: dict[str, list[bool]] = defaultdict(list)
    for group, score in zip(package.groups, package.scores, strict=True):
        gets[group].append(score < cutoff)
    return {group: sum(each) / len(each) for group, each in gets.items()}


def psi(package: Package, floor: float = 0.001) -> float:
    """How far the scores have moved since training. A score on an edge is in the bin above it."""
    counts = [0] * len(package.shares)
    for score in package.scores:
        counts[bisect_right(package.edges, score)] += 1
    now = [max(count / len(package.scores), floor) for count in counts]
    then = [max(share, floor) for share in package.shares]
    return sum((h - r) * math.log(h / r) for h, r in zip(now, then, strict=True))
