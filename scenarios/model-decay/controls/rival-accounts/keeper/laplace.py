"""Gaussian beliefs about a logistic regression's weights, updated by a day's call-outs: many beliefs at once."""

import numpy as np

ROUNDS = 6
LONGEST = 2.0  # of a step


def update(mean, cov, rows, needed, error):
    """Of beliefs (K, 6) and (K, 6, 6): those afterwards, and how well each foretold the day (log evidence)."""
    prior = np.linalg.inv(cov)
    w = mean.copy()
    for _ in range(ROUNDS):
        slope, curve, _ = likelihood(w, rows, needed, error)
        slope -= np.einsum("kij,kj->ki", prior, w - mean)
        step = np.linalg.solve(curve + prior, slope[..., None])[..., 0]
        length = np.sqrt((step**2).sum(axis=1, keepdims=True))
        w = w + step * np.minimum(1, LONGEST / np.maximum(length, 1e-9))
        if length.max() < 0.01:
            break
    _, curve, fits = likelihood(w, rows, needed, error)
    after = np.linalg.inv(curve + prior)
    away = w - mean
    evidence = fits - 0.5 * np.einsum("ki,kij,kj->k", away, prior, away)
    evidence += 0.5 * (np.linalg.slogdet(after)[1] - np.linalg.slogdet(cov)[1])
    return w, after, evidence


def likelihood(w, rows, needed, error):
    """Slope, curve (Fisher's) and height of the log likelihood, where each label is wrong with its chance `error`."""
    p = probability(w @ rows.T)
    noted = error + (1 - 2 * error) * p
    turn = (1 - 2 * error) * p * (1 - p) / (noted * (1 - noted))
    slope = ((needed - noted) * turn) @ rows
    weight = turn * (1 - 2 * error) * p * (1 - p)
    curve = (weight[:, None, :] * rows.T) @ rows
    height = np.log(np.where(needed > 0.5, noted, 1 - noted)).sum(axis=1)
    return slope, curve, height


def probability(score):
    return 1 / (1 + np.exp(-np.clip(score, -30, 30)))
