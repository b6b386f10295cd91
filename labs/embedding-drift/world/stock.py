"""Vectors of articles, queries and new topics by three real models; recipes/embedding-drift made them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
FILE = Path(__file__).with_name("vectors.npz")
UNIT = 200
"""So long is a vector in its eight bits."""
MODELS = "minilm", "e5"
TOPICS, WRITTEN = 5, 12
"""New topics, and articles of each; each of these is asked for in two ways."""


class Stock(NamedTuple):
    """By model: `docs`, the queries `one`, `two` and `short` of each, `new` articles and two queries `asked` for each.
    `garden`: which articles are asked for at weekends."""

    garden: Array
    parts: dict[str, dict[str, Array]]


def stock() -> Stock:
    """The vectors as they are kept."""
    with np.load(FILE) as kept:
        parts = {
            model: {key: kept[f"{model}/{key}"] for key in ("docs", "one", "two", "short", "new", "asked")}
            for model in MODELS
        }
        return Stock(kept["garden"], parts)


class Space(NamedTuple):
    """The vectors of one collection under one model, in axes of its own: articles (its own, those of growth, those of a
    new topic), and the queries for them."""

    docs: Array
    one: Array
    two: Array
    short: Array


def space(kept: dict[str, Array], picked: Array, topic: int, axes: np.random.Generator) -> Space:
    """A collection's share of the stock, in axes of its own: a signed permutation leaves similarities as they are."""
    new = slice(topic * WRITTEN, (topic + 1) * WRITTEN)
    asked = kept["asked"].reshape(-1, 2, kept["asked"].shape[1])[new]
    wide = kept["docs"].shape[1]
    order, signs = axes.permutation(wide), axes.choice(np.array([-1, 1], np.int8), wide)

    def turned(own: Array, more: Array) -> Array:
        found: Array = np.concatenate([own[picked], more])[:, order] * signs
        return found

    return Space(
        turned(kept["docs"], kept["new"][new]),
        turned(kept["one"], asked[:, 0]),
        turned(kept["two"], asked[:, 1]),
        turned(kept["short"], asked[:, 0]),
    )


def unit(rows: Array) -> Array:
    """Rows as numbers of length 1."""
    rows = rows.astype(np.float32)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Array = rows / np.maximum(length, 1e-9)
    return found
