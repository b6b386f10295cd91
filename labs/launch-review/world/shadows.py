"""The shadow: what the old and the new model said of the same orders. Counts are set, not drawn, so that each figure
lies where the plan wants it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
from launch import PLACES, Columns, arrays, before

BEST_LEAD = 0.025
"""The worst segment is ahead of the next by so much at least."""


@dataclass(frozen=True)
class Quarter:
    """A segment: its share of orders, and by how much more of them the new model is wrong."""

    name: str
    share: float
    loss: float
    judged: bool


def quarters(rng: Random, quality: float, worst: float, least: float) -> list[Quarter]:
    """Segments in any order: `worst` and some others that have a share of `least` or more, the first just so; one that
    has nearly that, and one or two that are tiny. Over all the new model is wrong by `quality` more often."""
    small = [(least * rng.uniform(0.8, 0.92), worst + rng.uniform(0.03, 0.06))]
    small += [(rng.uniform(0.008, 0.02), worst + rng.uniform(0.08, 0.16)) for _ in range(rng.randint(1, 2))]
    first, floor = least * rng.uniform(1.08, 1.18), 1.1 * least
    left = 1 - first - sum(share for share, _ in small)
    others = min(rng.randint(4, 6), int(0.9 * left / floor))
    weights = [rng.uniform(0.2, 1.5) for _ in range(others)]
    shares = [floor + (left - others * floor) * weight / sum(weights) for weight in weights]
    mean = (quality - first * worst - sum(share * loss for share, loss in small)) / sum(shares)
    aside = [rng.uniform(-0.006, 0.006) for _ in shares]
    middle = sum(share * each for share, each in zip(shares, aside, strict=True)) / sum(shares)
    losses = [min(mean + each - middle, worst - BEST_LEAD) for each in aside]
    names = [f"{place}-{rng.randint(2, 9)}" for place in rng.sample(PLACES, 1 + others + len(small))]
    rows = [(first, worst, True), *((*each, True) for each in zip(shares, losses, strict=True))]
    rows += [(*each, False) for each in small]
    made = [Quarter(name, *row) for name, row in zip(names, rows, strict=True)]
    return rng.sample(made, len(made))


def shadow(rng: Random, where: list[Quarter], orders: int, off_minutes: int, again: float, worst: str) -> Columns:
    """The table. `again`: the share of orders that are there more than once."""
    many = arrays(rng)
    segment: list[str] = []
    old: list[np.ndarray] = []
    new: list[np.ndarray] = []
    for each in where:
        count = round(orders * each.share)
        was = before(rng)
        only_old = round(count * max(0.035, 0.03 - each.loss))
        only_new = max(0, round(count * each.loss) + only_old)
        both = max(0, round(count * was) - only_old)
        given_up = round(only_new * (rng.uniform(0.55, 0.75) if each.name == worst or not each.judged else 0.15))
        wrong_old = np.zeros(count, bool)
        wrong_new = np.zeros(count, bool)
        wrong_old[: both + only_old] = True
        wrong_new[:both] = True
        wrong_new[both + only_old : both + only_old + only_new] = True
        off_new = minutes(many, wrong_new, off_minutes)
        off_new[both + only_old : both + only_old + given_up] = np.nan
        segment += [each.name] * count
        old.append(minutes(many, wrong_old, off_minutes))
        new.append(off_new)
    olds, news = np.concatenate(old), np.concatenate(new)
    suspect = np.isnan(news) | (news > off_minutes)
    weight = np.where(suspect, 4.0, 1.0)
    twice = many.choice(len(olds), round(again * len(olds)), replace=False, p=weight / weight.sum())
    at = np.concatenate([np.arange(len(olds)), np.repeat(twice, many.integers(1, 4, len(twice)))])
    many.shuffle(at)
    ids = many.permutation(9 * len(olds))[: len(olds)] + 100_000
    told = [None if np.isnan(value) else round(float(value), 1) for value in news[at]]
    return {
        "order_id": ids[at],
        "segment": np.asarray(segment, object)[at],
        "old_off": olds[at].round(1),
        "new_off": told,
    }


def minutes(many: np.random.Generator, wrong: np.ndarray, off: int) -> np.ndarray:
    """How many minutes an arrival was off: past `off` where it was wrong."""
    near, far = off * many.beta(1.3, 2.2, len(wrong)) * 0.96, off * (1.06 + many.exponential(0.5, len(wrong)))
    found: np.ndarray = np.where(wrong, far, near)
    return found


def wanted(rng: Random, holds: set[str], limit_quality: float, limit_segment: float) -> tuple[float, float]:
    """Overall loss and the worst segment's, on their sides of the limits."""
    quality = limit_quality * (
        rng.uniform(1.8, 2.3) if "quality" in holds else rng.choice((rng.uniform(-0.6, -0.3), rng.uniform(0.2, 0.3)))
    )
    worst = limit_segment * (rng.uniform(1.6, 2.0) if "segment" in holds else rng.uniform(0.42, 0.5))
    return quality, worst
