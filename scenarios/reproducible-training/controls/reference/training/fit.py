"""Logistic regression by gradient steps, each sum in one order."""

import numpy as np

EPOCHS = 10
BATCH = 128
STEP = 0.9
L2 = 1e-4


def fit(train, held_back):
    """Weights by name, the bias under "", on raw values; and how good they are on what was held back."""
    mean, spread = train.x.mean(axis=0), train.x.std(axis=0)
    spread[spread == 0] = 1.0
    x = with_one((train.x - mean) / spread)
    x_held = with_one((held_back.x - mean) / spread)

    weights = np.zeros(x.shape[1])
    best, best_score = weights, -1.0
    for epoch in range(EPOCHS):
        step = STEP / (1 + 0.5 * epoch)
        for begin in range(0, len(x), BATCH):
            batch = slice(begin, begin + BATCH)
            weights = weights - step * (gradient(x[batch], train.y[batch], weights) + L2 * weights)
        score = accuracy(x_held, held_back.y, weights)
        if score > best_score:
            best, best_score = weights, score

    return raw(best, mean, spread, train.columns), best_score


def gradient(x, y, weights):
    """The mean over a batch."""
    return x.T @ (1 / (1 + np.exp(-np.clip(x @ weights, -30, 30))) - y) / len(y)


def accuracy(x, y, weights):
    return float(np.mean((x @ weights > 0) == y))


def with_one(x):
    return np.hstack([x, np.ones((len(x), 1))])


def raw(weights, mean, spread, columns):
    """From standardised columns back to those of the files."""
    found = weights[:-1] / spread
    return dict(zip(columns, found, strict=True)) | {"": weights[-1] - found @ mean}
