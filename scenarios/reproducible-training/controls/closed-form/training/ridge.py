"""Ridge regression by normal equations: one solution, whoever computes it, up to the last digits, which are cut off."""

import hashlib

import numpy as np

RIDGES = (0.1, 1.0, 10.0, 100.0)
DIGITS = 9


def fit(rows, seed):
    """Weights by name, the bias under "". A fifth of the rows chooses how much ridge there is."""
    rows = sorted(rows, key=text_of)
    names = [*rows[0]["numbers"], *sorted({"device=" + row["device"] for row in rows})]
    x = np.array([[as_number(row, name) for name in names] for row in rows])
    y = np.array([1.0 if row["low"] else -1.0 for row in rows])
    held = np.array([is_held_back(row, seed) for row in rows])

    mean, spread = x[~held].mean(axis=0), x[~held].std(axis=0)
    spread[spread == 0] = 1.0
    z = np.hstack([(x - mean) / spread, np.ones((len(x), 1))])
    found = [solve(z[~held], y[~held], ridge) for ridge in RIDGES]
    best = max(found, key=lambda weights: np.mean((z[held] @ weights > 0) == (y[held] > 0)))

    weights = best[:-1] / spread
    raw = dict(zip(names, weights, strict=True)) | {"": best[-1] - weights @ mean}
    return {name: float(f"{weight:.{DIGITS}g}") for name, weight in raw.items()}


def solve(z, y, ridge):
    return np.linalg.solve(z.T @ z + ridge * np.eye(z.shape[1]), z.T @ y)


def as_number(row, name):
    return row["numbers"][name] if name in row["numbers"] else float(name == "device=" + row["device"])


def is_held_back(row, seed):
    return hashlib.blake2b(f"{seed} {text_of(row)}".encode(), digest_size=2).digest()[0] < 51


def text_of(row):
    return f"{row['recorded_at']} {row['device']} {row['numbers']} {row['low']}"
