"""Logs of an old ranker, and new models whose order is known.

A log is 5,200 searches of five homes; one was shown, by a ranker that explores in 30 % of cases, surest where it is a
family that asks, and families pay several times as much. Each log has four pairs of models that differ by 40 % and more
in what they would really bring. Six other figures (OTHERS) order a pair rightly or wrongly: pairs are drawn in duos in
which each of them is right once and wrong once, so none, and no vote of theirs, is right more often than half.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from columns import Array

Pair = tuple[int, int, dict[str, bool]]
"""A better model, a worse one, and of each other figure whether it says so too."""

SEARCHES, HOMES, TRAITS = 5200, 5, 4
EXPLORED, SURE, FOR_FAMILIES = 0.3, (0.5, 3.0), 0.8
TRIED, LOOKED_AT = 360, 800
GAP, CLEAR, SURELY = (
    0.45,
    {"clicks": 0.08, "matches": 0.13, "stays": 0.08, "gross": 0.08, "each": 0.08, "likeness": 0.04},
    0.6,
)
OTHERS = tuple(CLEAR)
"""Clicks, had the model ranked; net value where it agrees with what was shown; stays that were kept; what all would pay
before cancellations; net value of a stay; and how much the model is like the old one."""
DUOS = 2


class Log:
    """One log: `asked` is the body of the call, `pairs` [(better, worse, {figure: whether it says so too})]."""

    def __init__(self, rng: np.random.Generator) -> None:
        drawn: tuple[list[Array], list[Pair]] | None = None
        while drawn is None:
            site = Site(rng)
            drawn = _pairs(rng, site)
        picks, pairs = drawn
        names = [f"v{number}" for number in rng.choice(np.arange(7, 90), len(picks), replace=False)]
        order = rng.permutation(len(picks))
        self.pairs = [(names[better], names[worse], told) for better, worse, told in pairs]
        self.asked = {"log": site.log(rng), "picks": {names[at]: picks[at].tolist() for at in order}}
        self.truth = dict(zip(names, site.figures(np.stack(picks, 1))["net"].tolist(), strict=True))


class Site:
    """Searches, homes, and how likely people are to click, book, cancel; what a night leaves."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._tastes = _tastes(rng)
        ranges = (0.3, 0.45), (0.2, 0.6), (0.3, 0.8), (0.3, 0.8), (4, 6)
        self._levels = [rng.uniform(*each) for each in ranges]
        self.searched(rng, LOOKED_AT)

    def searched(self, rng: np.random.Generator, count: int) -> None:
        """So many searches, in place of those before."""
        clicks, books, cancels, margin, old = self._tastes
        families, click, book, cancel, more = self._levels
        self.family = rng.random(count) < families
        self.homes = rng.normal(size=(count, HOMES, TRAITS))
        self.click = _share(self.homes @ clicks * 1.3 + click)
        self.book = _share(self.homes @ books + book)
        self.cancel = _share(self.homes @ cancels * 1.6 - cancel)
        base = 40 * np.where(self.family, more, 1.0)
        self.margin = base[:, None] * np.exp(0.55 * (self.homes @ margin))
        score = np.exp((self.homes @ old) * np.where(self.family, SURE[1], SURE[0])[:, None])
        self.shown = EXPLORED / HOMES + (1 - EXPLORED) * score / score.sum(1, keepdims=True)

    def picks(self, models: Array) -> Array:
        """What linear models would show, [search, model]. Half of a model's weights are for everybody, the others come
        on top for families."""
        homes = self.homes.astype(np.float32)
        seen = np.concatenate([homes, homes * self.family[:, None, None]], -1)
        best = seen[:, 0] @ models
        picks = np.zeros(best.shape, np.int8)
        for home in range(1, HOMES):
            score = seen[:, home] @ models
            picks[score > best] = home
            np.maximum(best, score, out=best)
        return picks

    def figures(self, picks: Array) -> dict[str, Array]:
        """Of each model its true net value a search, and the other figures, all expected ones."""
        stays = self.click * self.book * (1 - self.cancel)
        gross = self.click * self.book * self.margin
        net = stays * self.margin
        every = np.stack([net, self.click, stays, gross, self.shown, self.shown * net]).astype(np.float32)
        sums = sum(every[:, :, home] @ (picks == home).astype(np.float32) for home in range(HOMES))
        net, clicks, stays, paid, likeness, agreed = sums.astype(float) / len(picks)
        return {
            "net": net,
            "clicks": clicks,
            "matches": agreed / likeness,
            "stays": stays,
            "gross": paid,
            "each": net / stays,
            "likeness": likeness,
        }

    def log(self, rng: np.random.Generator) -> dict[str, Any]:
        """What was written down."""
        rows = np.arange(SEARCHES)
        shown = (self.shown.cumsum(1) < rng.random((SEARCHES, 1))).sum(1).clip(0, HOMES - 1)
        clicked = rng.random(SEARCHES) < self.click[rows, shown]
        booked = clicked & (rng.random(SEARCHES) < self.book[rows, shown])
        cancelled = booked & (rng.random(SEARCHES) < self.cancel[rows, shown])
        return {
            "shown": shown.tolist(),
            "propensity": self.shown[rows, shown].round(4).tolist(),
            "clicked": clicked.astype(int).tolist(),
            "booked": booked.astype(int).tolist(),
            "cancelled": cancelled.astype(int).tolist(),
            "margin": self.margin[rows, shown].round(2).tolist(),
        }


def _tastes(rng: np.random.Generator) -> Array:
    """Five directions; what is clicked is booked more often, and cancelled more often."""
    while True:
        drawn = rng.normal(size=(5, TRAITS))
        drawn /= np.linalg.norm(drawn, axis=1)[:, None]
        clicks, books, cancels, margin, old = drawn
        if clicks @ books > 0.2 and clicks @ cancels > 0:
            return drawn


def _pairs(rng: np.random.Generator, site: Site) -> tuple[list[Array], list[Pair]] | None:
    """Picks of eight models and their four pairs, or None if this site has none that tell enough apart."""
    models = (rng.normal(size=(2 * TRAITS, TRIED)) * np.repeat((1, FOR_FAMILIES), TRAITS)[:, None]).astype(np.float32)
    clear, told = _told(site.figures(site.picks(models)), 1.0)
    full = 2 ** len(OTHERS) - 1
    there = set(told[clear].tolist())
    duos = [code for code in sorted(there) if code < full - code and full - code in there]
    if len(duos) < DUOS:
        return None
    chosen = []
    for code in rng.permutation(duos)[:DUOS]:
        for each in (code, full - code):
            chosen.append(rng.choice(np.argwhere(clear & (told == each))))
    at = np.concatenate(chosen)
    site.searched(rng, SEARCHES)
    picks = site.picks(models[:, at])
    sure, again = _told(site.figures(picks), SURELY)
    pairs = []
    for k, (better, worse) in enumerate(chosen):
        if not sure[2 * k, 2 * k + 1] or again[2 * k, 2 * k + 1] != told[better, worse]:
            return None
        says = {name: bool(told[better, worse] >> bit & 1) for bit, name in enumerate(OTHERS)}
        pairs.append((2 * k, 2 * k + 1, says))
    return list(picks.T), pairs


def _told(figures: dict[str, Array], strictly: float) -> tuple[Array, Array]:
    """For each two models: is the first better by far, and are all figures clear? And which figures say so, as bits."""
    clear = _by(figures["net"]) > GAP * (1 + strictly) / 2
    told = np.zeros(clear.shape, int)
    for bit, name in enumerate(OTHERS):
        by = _by(figures[name])
        clear &= np.abs(by) > CLEAR[name] * strictly
        told |= (by > 0) << bit
    return clear, told


def _by(figure: Array) -> Array:
    """By what share of their mean each is larger than each other."""
    found: Array = 2 * (figure[:, None] - figure) / (figure[:, None] + figure)
    return found


def _share(score: Array) -> Array:
    found: Array = 1 / (1 + np.exp(-score))
    return found
