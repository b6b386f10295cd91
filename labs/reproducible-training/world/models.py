"""Models as they are published: read, compared, and scored on rows that their makers never saw."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from casebook.shapes import fits
from casebook.strict import loads
from wards import Array, Nights, Table

NEAR = 1e-6
RIDGE, STEPS = 1.0, 12
METRICS = {"holdout_accuracy": float}
MANIFEST = {"seed": int, "data": {str: str}, "model": str, "python": str, "numpy": str}
NO_WEIGHT, MOST_WEIGHT = 1e-9, 1e9


class Unreadable(ValueError):
    """What was written is not what was asked for. One sentence."""


class Model(NamedTuple):
    """What a model.json says: the bias is that of the empty name."""

    weights: dict[str, float]
    digest: str

    def scores(self, table: Table, names: Sequence[str], devices: Sequence[str]) -> Array:
        """Above 0 is an alarm."""
        of_device = np.array([self.weights.get(f"device={name}", 0.0) for name in devices])
        of_number = np.array([self.weights.get(name, 0.0) for name in names])
        return np.asarray(table.numbers @ of_number + of_device[table.device] + self.weights[""])

    def accuracy(self, table: Table, nights: Nights) -> float:
        """The share of rows for which it says what followed."""
        return float(np.mean((self.scores(table, nights.names, nights.devices) > 0) == table.low))


def read(data: bytes | None, nights: Nights) -> Model:
    """The model in a file. `Unreadable` if it is none."""
    said = parsed(data, "model.json", {"bias": float, "weights": {str: float}})
    known = {*nights.names, *(f"device={name}" for name in nights.devices)}
    if strange := sorted(said["weights"].keys() - known):
        raise Unreadable(f"model.json has a weight for {strange[0][:60]!r}, which is no column")
    weights = {"": float(said["bias"])} | {name: float(weight) for name, weight in said["weights"].items()}
    if max(map(abs, weights.values())) > MOST_WEIGHT:
        raise Unreadable("model.json has a weight over 1e9")
    return Model(weights, hashlib.sha256(data or b"").hexdigest())


def parsed(data: bytes | None, name: str, shape: Any) -> Any:
    """JSON of a shape. `Unreadable` if it is not."""
    if data is None:
        raise Unreadable(f"there is no {name}, or it is too large, or a link")
    try:
        said = loads(data)
    except ValueError as error:
        raise Unreadable(f"{name}: {error}") from None
    if not fits(said, shape):
        raise Unreadable(f"{name} does not have the form that is asked for")
    return said


def differs(one: Model, other: Model) -> tuple[str, float]:
    """The first weight that is another one, and by how much; an empty text if none is."""
    for name in sorted(one.weights.keys() | other.weights.keys()):
        by = abs(one.weights.get(name, 0.0) - other.weights.get(name, 0.0))
        if by:
            return name or "bias", by
    return "", 0.0


def left_out(model: Model, nights: Nights) -> set[str]:
    """The devices with one row that have no weight, so it was held back."""
    return {name for name in nights.lent if abs(model.weights.get(f"device={name}", 0.0)) < NO_WEIGHT}


def misrecorded(
    files: Mapping[str, bytes | None], model: Model, nights: Nights, sent: Mapping[str, str], seed: int,
    witness: Mapping[str, Any], holdout: Table,
) -> str:  # fmt: skip
    """What the two records of a run say that is not so; empty if all is true. `Unreadable` if they are no records.

    Args:
        files: what the run wrote, by name.
        sent: its data, by name.
        witness: of the run, which knows the versions.
        holdout: the rows of its holdout.
    """
    metrics, manifest = (
        parsed(files.get("metrics.json"), "metrics.json", METRICS),
        parsed(files.get("manifest.json"), "manifest.json", MANIFEST),
    )
    right = model.accuracy(holdout, nights)
    data = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in sent.items()}
    checks = {
        f"holdout_accuracy is {metrics['holdout_accuracy']:.6g}, and recomputes to {right:.6g}": (
            abs(metrics["holdout_accuracy"] - right) <= NEAR
        ),
        "seed": manifest["seed"] == seed,
        "data": manifest["data"] == data,
        "model": manifest["model"] == model.digest,
        "python": manifest["python"] == witness["python"],
        "numpy": manifest["numpy"] == witness["versions"].get("numpy"),
    }
    return ", ".join(name for name, fine in checks.items() if not fine)


def plain_fit(nights: Nights) -> float:
    """The accuracy on hidden rows of a plain logistic regression on all training rows."""
    tables = list(nights.tables.values())
    rows = np.concatenate([columns(table, nights) for table in tables])
    low = np.concatenate([table.low for table in tables]).astype(float)
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        share = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        curve = (rows * (share * (1 - share))[:, None]).T @ rows + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(curve, rows.T @ (low - share) - RIDGE * weights)
    hidden = columns(nights.hidden, nights) @ weights > 0
    return float(np.mean(hidden == nights.hidden.low))


def columns(table: Table, nights: Nights) -> Array:
    """Numbers of a usual size, devices as columns, and a one."""
    numbers = (table.numbers - nights.holdout.numbers.mean(0)) / nights.holdout.numbers.std(0)
    return np.hstack([numbers, np.eye(len(nights.devices))[table.device], np.ones((len(numbers), 1))])
