"""Rows of borrowers and a logistic model of them, made so that it fails where it is told to, and nowhere else."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import measures
from measures import sigmoid
from papers import Bounds

AT_LEAST = {6, 8, 9}
"""Steps whose figure has to reach its bound; that of the others may not pass it."""
CLEAR, BEYOND, CLOSE = 0.05, 0.11, 0.015
ATTEMPTS = 400


@dataclass(frozen=True)
class Wish:
    """Which steps of 5 to 11 fail, of which one the figure lies close to its bound and on which side, how many rows."""

    fails: frozenset[int] = frozenset()
    close: int | None = None
    beyond: bool = False
    few: bool = False
    small_segment: bool = False


@dataclass
class Numbers:
    """Columns of a holdout, by row; the model; the scores that were handed in; `figures`: step -> (figure, bound)."""

    xs: list[list[float]]
    labels: list[int]
    segments: list[str]
    groups: list[str]
    champion: list[float]
    weights: list[float]
    intercept: float
    scores: list[float]
    edges: list[float]
    then: list[float]
    figures: dict[int, tuple[float, float]] = field(default_factory=dict)


def numbers(rng: random.Random, bounds: Bounds, segments: list[str], groups: list[str], wish: Wish) -> Numbers:
    """Drawn again until all figures are as wished. RuntimeError after 400 attempts, which no plan was seen to need."""
    for _ in range(ATTEMPTS):
        found = _drawn(rng, bounds, segments, groups, wish)
        found.figures = _figures(found, bounds)
        if all(_as_wished(step, *pair, wish) for step, pair in found.figures.items()):
            return found
    raise RuntimeError(f"no model was found for {wish} and {bounds}")


def _as_wished(step: int, figure: float, bound: float, wish: Wish) -> bool:
    over = (figure - bound) / bound
    beyond = -over if step in AT_LEAST else over
    if step in wish.fails:
        return beyond >= BEYOND
    if step == wish.close:
        return abs(over) <= CLOSE and (beyond > 0) == wish.beyond
    return beyond <= -CLEAR


def _figures(of: Numbers, bounds: Bounds) -> dict[int, tuple[float, float]]:
    honest = [_score(of.weights, of.intercept, row) for row in of.xs]
    return {
        5: (max(abs(a - b) for a, b in zip(honest, of.scores, strict=True)), 1e-6),
        6: (measures.auc(of.scores, of.labels), measures.auc(of.champion, of.labels) - bounds["auc_drop"]),
        7: (measures.gap(of.scores, of.labels), bounds["calibration"]),
        8: (measures.worst_segment(of.scores, of.labels, of.segments), bounds["segment_auc"]),
        9: (measures.ratio(of.scores, of.groups, bounds["cutoff"]), bounds["ratio"]),
        10: (measures.psi(measures.shares(of.scores, of.edges), of.then), bounds["psi"]),
        11: (len(of.weights), bounds["inputs"]),
    }


def _score(weights: list[float], intercept: float, row: list[float]) -> float:
    return sigmoid(intercept + sum(weight * x for weight, x in zip(weights, row, strict=True)))


def _drawn(rng: random.Random, bounds: Bounds, segments: list[str], groups: list[str], wish: Wish) -> Numbers:
    count = rng.randint(150, 190) if wish.few else rng.randint(220, 380)
    most = int(bounds["inputs"])
    size = most + rng.randint(2, 4) if 11 in wish.fails else rng.randint(4, most - 1)
    spread = 1.1 if 6 in wish.fails else 2.1
    raw = [rng.choice((-1, 1)) * rng.uniform(0.4, 1.2) for _ in range(size)]
    whole = sum(weight**2 for weight in raw) ** 0.5
    weights = [round(weight * spread / whole, 6) for weight in raw]
    xs = [[round(rng.gauss(0, 1), 3) for _ in weights] for _ in range(count)]
    intercept = round(rng.uniform(-1.0, -0.2), 6)
    labels = [int(rng.random() < _score(weights, intercept, row)) for row in xs]
    where = _segments(rng, count, segments, wish)
    if 8 in wish.fails:
        _shuffle(rng, labels, where, segments[0])
    if wish.small_segment:
        _shuffle(rng, labels, where, segments[-1])
    champion = _champion(rng, xs, weights, intercept, labels, bounds, wish)
    intercept = _shifted(rng, xs, weights, intercept, labels, bounds["calibration"], wish)
    scores = [_score(weights, intercept, row) for row in xs]
    edges = sorted(round(quantile, 4) for quantile in _quantiles(scores, 5))
    then = _then(rng, measures.shares(scores, edges), bounds["psi"], wish)
    dealt = _groups(rng, scores, groups, bounds["cutoff"] if 9 in wish.fails else None)
    if 5 in wish.fails:
        at = rng.randrange(count)
        scores[at] += 10 ** rng.uniform(-5.8, -2.5) * (1 if scores[at] < 0.5 else -1)
    scores = [round(score, 12) for score in scores]
    return Numbers(xs, labels, where, dealt, champion, weights, intercept, scores, edges, then)


def _segments(rng: random.Random, count: int, segments: list[str], wish: Wish) -> list[str]:
    """Two or three large ones, and one below 50 rows if there is to be one: the last name."""
    few = rng.randint(15, 40) if wish.small_segment else 0
    large = segments[:-1] if wish.small_segment else segments
    dealt = [large[at % len(large)] for at in range(count - few)] + [segments[-1]] * few
    return rng.sample(dealt, count)


def _shuffle(rng: random.Random, labels: list[int], where: list[str], segment: str) -> None:
    """In this segment the model knows nothing."""
    rows = [at for at, name in enumerate(where) if name == segment]
    for at, label in zip(rows, rng.sample([labels[at] for at in rows], len(rows)), strict=True):
        labels[at] = label


def _champion(
    rng: random.Random, xs: list[list[float]], weights: list[float], intercept: float, labels: list[int],
    bounds: Bounds, wish: Wish,
) -> list[float]:  # fmt: skip
    """Grades of the model in use, so many are equal: our scores with noise; the more `knows`, the better."""
    logits = [intercept + sum(weight * x for weight, x in zip(weights, row, strict=True)) for row in xs]
    noise = [rng.gauss(0, 1.3) for _ in xs]

    def scored(knows: float) -> list[float]:
        return [
            round(sigmoid(0.6 * logit + off + knows * (2 * label - 1)), 1)
            for logit, off, label in zip(logits, noise, labels, strict=True)
        ]

    if wish.close != 6:
        return scored(1.3 if 6 in wish.fails else 0.1)
    ours = measures.auc([sigmoid(logit) for logit in logits], labels)
    wanted = ours * (1 + rng.uniform(-0.9, 0.9) * CLOSE) + bounds["auc_drop"]
    return scored(_bisected(lambda knows: measures.auc(scored(knows), labels), wanted, 4.0))


def _shifted(
    rng: random.Random, xs: list[list[float]], weights: list[float], intercept: float, labels: list[int],
    bound: float, wish: Wish,
) -> float:  # fmt: skip
    """The intercept, moved until the model promises too much or too little."""
    way = rng.choice((-1, 1))
    wanted = bound * _share_of_bound(rng, 7, wish)
    rate = sum(labels) / len(labels)

    logits = [sum(weight * x for weight, x in zip(weights, row, strict=True)) for row in xs]

    def beyond(shift: float) -> float:
        return way * (sum(sigmoid(logit + intercept + way * shift) for logit in logits) / len(xs) - rate)

    return round(intercept + way * _bisected(beyond, wanted, 4.0), 6)


def _share_of_bound(rng: random.Random, step: int, wish: Wish) -> float:
    if step in wish.fails:
        return rng.uniform(1.15, 1.9)
    return 1 + rng.uniform(-0.9, 0.9) * CLOSE if step == wish.close else rng.uniform(0.1, 0.92)


def _quantiles(scores: list[float], bins: int) -> list[float]:
    order = sorted(scores)
    return [order[len(order) * at // bins] for at in range(1, bins)]


def _then(rng: random.Random, now: list[float], bound: float, wish: Wish) -> list[float]:
    """The shares that the scores had in training."""
    rest = list(now[1:])
    other = [0.02, *(each * 0.98 / sum(rest) for each in rest)]
    other = rng.choice((other, other[::-1]))

    def mixed(share: float) -> list[float]:
        return [round(a * (1 - share) + b * share, 6) for a, b in zip(now, other, strict=True)]

    wanted = bound * _share_of_bound(rng, 10, wish)
    return mixed(_bisected(lambda share: measures.psi(now, mixed(share)), wanted, 1.0))


def _groups(rng: random.Random, scores: list[float], groups: list[str], unfair: float | None) -> list[str]:
    """Dealt by score in turn, so that all get loans alike; or one group has more of those from a score on."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    dealt = [""] * len(scores)
    share = rng.uniform(0.35, 0.8)
    for begin in range(0, len(order), len(groups)):
        some = order[begin : begin + len(groups)]
        for at, group in zip(some, rng.sample(groups, len(groups)), strict=False):
            if unfair is not None and scores[at] >= unfair and rng.random() < share:
                group = groups[0]
            dealt[at] = group
    return dealt


def _bisected(rising: Callable[[float], float], wanted: float, high: float) -> float:
    low = -high if rising(0.0) > wanted else 0.0
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2
