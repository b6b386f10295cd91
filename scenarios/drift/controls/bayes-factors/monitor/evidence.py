"""How much more likely one story is than another, in nats, given counts.

Stories of a column: `as usual` (counts come from the usual shares) and `otherwise` (from some shares, the same ones on all
the days in question, that nobody knows beforehand). The second is a Dirichlet integral and pays for its freedom by itself.
Stories of outcomes: as usual; log-odds moved by the same amount everywhere; scores say nothing.

Days wander even in good times. A day of n rows therefore counts as `n * (a + 1) / (a + n)` rows, where `a` is as many rows
as a day's own shares are worth; it is learnt from history.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, logsumexp

FREE = 0.5  # of the Dirichlet with which unknown shares are drawn
WORTH = np.array([25.0, 50.0, 100.0, 200.0, 400.0])
MOVES = np.array([-3.0, -2.5, -2.0, -1.5, -1.0, 1.0, 1.5, 2.0, 2.5, 3.0])
RATES = np.linspace(0.02, 0.98, 33)


def learn_worth(counts: np.ndarray, shares: np.ndarray) -> float:
    """`a` under which the days of history (a row of counts each, with its usual shares) are most likely."""
    n = counts.sum(axis=1)
    best = []
    for a in WORTH:
        alpha = a * shares
        day = gammaln(a) - gammaln(a + n) + (gammaln(alpha + counts) - gammaln(alpha)).sum(axis=1)
        best.append(day.sum())
    return float(WORTH[int(np.argmax(best))])


def effective(counts: np.ndarray, a: float) -> np.ndarray:
    n = counts.sum(axis=-1, keepdims=True)
    return counts * (a + 1) / (a + n)


def otherwise(days: np.ndarray, usual: np.ndarray) -> float:
    """Evidence that these days (effective counts, a row each) have other shares in common than the usual ones."""
    total = days.sum(axis=0)
    boxes = len(total)
    free = gammaln(FREE * boxes) - gammaln(FREE * boxes + total.sum())
    free += (gammaln(FREE + total) - gammaln(FREE)).sum()
    return float(free - (days * np.log(usual)).sum())


def apart(days: np.ndarray, usual: np.ndarray) -> float:
    """Share of rows that would have to be in other boxes, less what luck alone moves on average."""
    n = days.sum(axis=1, keepdims=True)
    total = n.sum()
    expected = (usual * n).sum(axis=0) / total
    found = days.sum(axis=0) / total
    luck = np.sqrt(2 * expected * (1 - expected) / (np.pi * total)).sum() / 2
    return float(np.abs(found - expected).sum() / 2 - luck / 2)


def outcomes(days: np.ndarray, usual: np.ndarray) -> float:
    """Evidence that outcomes (days x labels x boxes) no longer follow from the scores as they did (chance by box)."""
    zeros, ones = days.sum(axis=0)
    before = (ones * np.log(usual) + zeros * np.log1p(-usual)).sum()
    odds = np.log(usual / (1 - usual))
    moved = 1 / (1 + np.exp(-(odds[None, :] + MOVES[:, None])))
    raised = (ones * np.log(moved) + zeros * np.log1p(-moved)).sum(axis=1)
    flat = ones.sum() * np.log(RATES) + zeros.sum() * np.log1p(-RATES)
    stories = np.concatenate([raised - np.log(2 * len(MOVES)), flat - np.log(2 * len(RATES))])
    return float(logsumexp(stories) - before)
