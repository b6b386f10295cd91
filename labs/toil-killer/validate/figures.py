"""Figures of the runbook. The card has most of them already, so we only compute what it leaves out."""

from __future__ import annotations

import math
from collections import defaultdict

from package import Package


def figure(package: Package, name: str) -> float:
    """A figure of a model, by its name on the card."""
    card = package.card.get("figures", {})
    if name in card:
        return float(card[name])
    return COMPUTED[name](package)


def labels(package: Package) -> list[int]:
    return [int(row["label"]) for row in package.rows]


def auc_of(scores: list[float], bad: list[int]) -> float:
    """How often a bad borrower has the higher score."""
    pairs = wins = 0.0
    for score, label in zip(scores, bad, strict=False):
        if label:
            for other, good in zip(scores, bad, strict=False):
                if not good:
                    pairs += 1
                    wins += 1.0 if score > other else 0.5 if score == other else 0.0
    return wins / pairs


def auc(package: Package) -> float:
    return auc_of(package.scores, labels(package))


def champion_auc(package: Package) -> float:
    return auc_of([float(row["champion"]) for row in package.rows], labels(package))


def max_difference(package: Package) -> float:
    """How far the scores are from what the model gives."""
    model, most = package.model, 0.0
    for row, score in zip(package.rows, package.scores, strict=False):
        z = model["intercept"] + sum(
            w * float(row[name]) for w, name in zip(model["weights"], model["inputs"], strict=False)
        )
        most = max(most, abs(1 / (1 + math.exp(-z)) - score))
    return most


def calibration(package: Package) -> float:
    return abs(sum(package.scores) - sum(labels(package))) / len(package.rows)


def segment_auc(package: Package) -> float:
    """The worst segment."""
    found = defaultdict(lambda: ([], []))
    for row, score in zip(package.rows, package.scores, strict=False):
        found[row["segment"]][0].append(score)
        found[row["segment"]][1].append(int(row["label"]))
    return min(auc_of(*each) for each in found.values())


def ratio(package: Package, cutoff: float = 0.5) -> float:
    """The lowest approval rate of a group by the highest."""
    found = defaultdict(list)
    for row, score in zip(package.rows, package.scores, strict=False):
        found[row["group"]].append(score < cutoff)
    rates = [sum(each) / len(each) for each in found.values()]
    return min(rates) / max(rates)


def psi(package: Package) -> float:
    """How far the scores have moved since training."""
    edges, then = package.model["reference"]["edges"], package.model["reference"]["shares"]
    counts = [0] * len(then)
    for score in package.scores:
        counts[sum(score >= edge for edge in edges)] += 1
    shares = [max(count / len(package.scores), 0.001) for count in counts]
    return sum((h - r) * math.log(h / r) for h, r in zip(shares, then, strict=False))


COMPUTED = {
    "auc": auc,
    "champion_auc": champion_auc,
    "max_difference": max_difference,
    "calibration": calibration,
    "segment_auc": segment_auc,
    "ratio": ratio,
    "psi": psi,
}
