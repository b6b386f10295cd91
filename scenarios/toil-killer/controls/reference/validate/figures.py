"""Figures of the runbook, each computed from holdout, scores and model. What the card says is no evidence."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import date

from package import Package

LEAST_ROWS = 50


def auc_of(scores: list[float], labels: list[int]) -> float:
    """How often a bad borrower has the higher score; a tie is half."""
    good = sorted(score for score, label in zip(scores, labels, strict=True) if not label)
    bad = [score for score, label in zip(scores, labels, strict=True) if label]
    if not good or not bad:
        return 0.5
    wins = sum((bisect_left(good, score) + bisect_right(good, score)) / 2 for score in bad)
    return wins / (len(good) * len(bad))


def days_since_training(package: Package) -> float:
    until = date.fromisoformat(package.model["trained"]["until"])
    return (date.fromisoformat(package.manifest["submitted"]) - until).days


def max_difference(package: Package) -> float:
    """How far the scores are from what the model gives."""
    model = package.model
    pairs = list(zip(model["inputs"], model["weights"], strict=True))
    sums = [model["intercept"] + sum(weight * float(row[name]) for name, weight in pairs) for row in package.rows]
    return max(abs(1 / (1 + math.exp(-z)) - score) for z, score in zip(sums, package.scores, strict=True))


def auc(package: Package) -> float:
    return auc_of(package.scores, package.labels)


def champion_auc(package: Package) -> float:
    return auc_of([float(row["champion"]) for row in package.rows], package.labels)


def calibration(package: Package) -> float:
    return abs(sum(package.scores) - sum(package.labels)) / len(package.rows)


def segment_auc(package: Package) -> float:
    """The worst segment that is large enough."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for row, score, label in zip(package.rows, package.scores, package.labels, strict=True):
        found[row["segment"]].append((score, label))
    large = [each for each in found.values() if len(each) >= LEAST_ROWS]
    return min((auc_of(*map(list, zip(*each, strict=True))) for each in large), default=1.0)


def ratio(package: Package, cutoff: float) -> float:
    """The lowest approval rate of a group by the highest."""
    found: dict[str, list[bool]] = defaultdict(list)
    for row, score in zip(package.rows, package.scores, strict=True):
        found[row["group"]].append(score < cutoff)
    rates = [sum(each) / len(each) for each in found.values()]
    return min(rates) / max(rates) if max(rates) else 1.0


def psi(package: Package) -> float:
    """How far the scores have moved since training."""
    edges, then = package.model["reference"]["edges"], package.model["reference"]["shares"]
    counts = [0] * len(then)
    for score in package.scores:
        counts[sum(score >= edge for edge in edges)] += 1
    pairs = [(max(count / len(package.scores), 0.001), max(r, 0.001)) for count, r in zip(counts, then, strict=True)]
    return sum((h - r) * math.log(h / r) for h, r in pairs)
