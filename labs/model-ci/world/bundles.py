"""Bundles as they are handed in: a tar of a card, code and weights."""

from __future__ import annotations

import io
import json
import tarfile
from typing import Any

from kinds import Bundle
from source import packed
from teams import COLUMNS, SIZES, Team

from recipes import Recipe

CUT = 900
"""So many bytes are left of weights.json where it was cut."""


def tarred(seed: int, name: str, team: Team, recipe: Recipe, case: Bundle | None = None) -> bytes:
    """A bundle of that name; without a case it is the one in production."""
    code, numbers = packed(seed, name, recipe.settings)
    features = [column for column, _, _ in team.readings] + list(team.slices)
    if case is not None and case["way"] == "on the card":
        features.append(team.later[0])
    card = {"bundle": name, "features": features, "packer": "2.4"}
    weights = json.dumps(written(team, recipe, numbers)).encode()
    if case is not None and case["way"] == "cut":
        weights = weights[:CUT]
    files = {"bundle.json": json.dumps(card, indent=1).encode(), "model.py": code.encode(), "weights.json": weights}
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return made.getvalue()


def written(team: Team, recipe: Recipe, numbers: list[int]) -> dict[str, Any]:
    """What weights.json has. All bundles have all of it, whether they use it or not."""
    weights, (name, mean, spread) = recipe.weights, team.readings[0]
    column, value = recipe.where
    texts = {
        slice_: {
            value: round(float(weights[1 + COLUMNS + at * len(SIZES) + place]), 6) for place, value in enumerate(values)
        }
        for at, (slice_, values) in enumerate(team.slices.items())
    }
    rows, keys = team.written(team.old), [column for column, _, _ in team.readings[:2]]
    return {
        "packed": numbers,
        "first": [name, mean, spread],
        "one": round(float(weights[0]), 6),
        "numbers": {
            each: [center, round(float(weights[1 + at]) / width, 8)]
            for at, (each, center, width) in enumerate(team.readings)
        },
        "texts": texts,
        "more": dict(zip(team.later, recipe.later, strict=True)),
        "where": [list(team.slices)[column], list(team.slices.values())[column][value]],
        "keys": keys,
        "recent": {
            "|".join(str(row[each]) for each in keys): int(label)
            for row, label in zip(rows, team.old.labels, strict=True)
        },
    }
