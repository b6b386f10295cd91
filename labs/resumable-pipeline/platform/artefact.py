"""A tenant's artefact on the shared volume as its readers see it: one file, a line of JSON and the body it vouches for.

Written by a candidate's code, so nothing is believed: no links are followed, nothing large is read.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from tenants import DIMENSIONS, Tenant

NAME = "model.csv"
MAX_BYTES = 1 << 20
CLOSE = 1e-3
ACCURACY = 0.85


class Torn(Exception):
    """What a reader finds is no whole artefact; the message says how."""


@dataclass(frozen=True)
class Artefact:
    """A whole artefact. `night` is the one that it says it is of, `sha256` of the whole file."""

    night: str
    body: bytes
    sha256: str
    size: int


def read(folder: Path, tenant: str) -> Artefact:
    """What a reader finds.

    Raises:
        Torn: it is missing, no plain file, too large, cut short, or not what it vouches for.
    """
    raw = _bytes(folder / tenant / NAME)
    head, newline, body = raw.partition(b"\n")
    try:
        said = json.loads(head)
        night, named, size, digest = said["night"], said["tenant"], said["bytes"], said["sha256"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Torn("its first line cannot be read") from None
    if not newline or size != len(body) or digest != hashlib.sha256(body).hexdigest():
        raise Torn(f"it vouches for {size!r:.20} bytes and holds {len(body)}")
    if named != tenant or not isinstance(night, str):
        raise Torn("it is another tenant's")
    return Artefact(night, body, hashlib.sha256(raw).hexdigest(), len(raw))


def _bytes(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Torn(f"it cannot be opened ({error.strerror})") from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
            raise Torn("it is no plain file of at most 1 MiB")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Torn(f"it cannot be read ({error.strerror})") from None
    finally:
        os.close(descriptor)


def make(tenant: Tenant, night: str, weights: list[float], bias: float, vectors: dict[str, list[float]]) -> bytes:
    """An artefact as the brief describes it."""
    lines = [["model", *weights, bias], *([id, *vector] for id, vector in vectors.items())]
    body = "".join(",".join(map(str, line)) + "\n" for line in lines).encode()
    head = {"tenant": tenant.name, "night": night, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    return json.dumps(head).encode() + b"\n" + body


def complaint(body: bytes, tenant: Tenant) -> str:
    """What is wrong with an artefact's content; empty if nothing is."""
    try:
        first, *rest = body.decode("utf-8").splitlines()
        word, *model = first.split(",")
        rows = {line.partition(",")[0]: _numbers(line.split(",")[1:], DIMENSIONS) for line in rest}
        weights = _numbers(model, DIMENSIONS + 1)
    except ValueError as error:
        return f"it is not in the form that was agreed ({str(error)[:80]})"
    if word != "model":
        return "its first row is no model"
    if rows.keys() != tenant.vectors.keys() or len(rest) != len(rows):
        return f"it has {len(rows)} of {len(tenant.vectors)} documents"
    if any(abs(a - b) > CLOSE for id, row in rows.items() for a, b in zip(row, tenant.vectors[id], strict=True)):
        return "its vectors are not those of the embedder"
    accuracy = tenant.accuracy(weights[:-1], weights[-1])
    return "" if accuracy >= ACCURACY else f"its model is right on {100 * accuracy:.0f} %"


def _numbers(words: list[str], count: int) -> list[float]:
    """ValueError if it is not so many finite numbers."""
    numbers = [float(word) for word in words]
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise ValueError(f"a row is not {count} finite numbers")
    return numbers
