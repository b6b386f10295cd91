"""A linear model of vectors, each a text of numbers with commas between, and labels."""

from __future__ import annotations

import numpy as np


def fit(vectors: list[str], labels: list[int], steps: int = 150, rate: float = 0.5) -> list[float]:
    """Weights and, last, the bias: logistic regression by gradient descent."""
    x = np.column_stack([np.array([vector.split(",") for vector in vectors], dtype=float), np.ones(len(vectors))])
    y = np.array(labels, dtype=float)
    weights = np.zeros(x.shape[1])
    for _ in range(steps):
        weights -= rate * x.T @ (1 / (1 + np.exp(-x @ weights)) - y) / len(y)
    return [round(float(weight), 6) for weight in weights]
