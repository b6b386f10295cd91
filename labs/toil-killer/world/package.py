"""A model's package: what is in its files, before and after they are written."""

from __future__ import annotations

import base64
import hashlib
import json
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from figured import Numbers

File = dict[str, str]
"""`{"path", "text"}`, or `{"path", "base64"}` where it is no text."""


@dataclass
class Package:
    """All that a package says. `card` and `model` are written as they stand, so whoever spoils one spoils it alone."""

    id: str
    portfolio: str
    submitted: date
    golive: date
    card: dict[str, Any]
    model: dict[str, Any]
    signatures: dict[str, dict[str, str]]
    inputs: list[str]
    numbers: Numbers


def files(rng: random.Random, package: Package, other_order: bool) -> dict[str, bytes]:
    """The five files below the manifest, by path."""
    numbers = package.numbers
    width = len(str(len(numbers.labels)))
    names = [f"{package.id[-4:]}-{at:0{width}d}" for at in rng.sample(range(len(numbers.labels)), len(numbers.labels))]
    columns: dict[str, list[str]] = {
        "label": [str(each) for each in numbers.labels],
        "segment": numbers.segments,
        "group": numbers.groups,
        "champion": [f"{each:.1f}" for each in numbers.champion],
        **{name: [f"{row[at]:.3f}" for row in numbers.xs] for at, name in enumerate(package.inputs)},
    }
    order = rng.sample(list(columns), len(columns))
    holdout = [["id", *order], *zip(names, *(columns[name] for name in order), strict=True)]
    scored = [[name, f"{score:.12f}"] for name, score in zip(names, numbers.scores, strict=True)]
    if other_order:
        rng.shuffle(scored)
    return {
        "card.json": _json(package.card),
        "model.json": _json(package.model),
        "holdout.csv": _csv(holdout),
        "scores.csv": _csv([["id", "score"], *scored]),
        "signatures.json": _json(package.signatures),
    }


def sealed(package: Package, inside: dict[str, bytes], unnamed: str = "") -> dict[str, bytes]:
    """With a manifest of these files, but for one that it does not name."""
    manifest = {
        "model": package.id,
        "portfolio": package.portfolio,
        "submitted": package.submitted.isoformat(),
        "golive": package.golive.isoformat(),
        "files": {path: hashlib.sha256(data).hexdigest() for path, data in inside.items() if path != unnamed},
    }
    return {"manifest.json": _json(manifest), **inside}


def sent(rng: random.Random, inside: dict[str, bytes]) -> list[File]:
    """As a tray has them, in any order."""
    return [_file(path, inside[path]) for path in rng.sample(list(inside), len(inside))]


def day_between(rng: random.Random, first: date, last: date) -> date:
    """Any day, the first and the last as well."""
    return first + timedelta(days=rng.randint(0, (last - first).days))


def _file(path: str, data: bytes) -> File:
    try:
        return {"path": path, "text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"path": path, "base64": base64.b64encode(data).decode()}


def _json(what: object) -> bytes:
    return json.dumps(what, indent=1).encode()


def _csv(rows: Any) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()
