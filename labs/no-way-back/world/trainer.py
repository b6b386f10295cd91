"""The trainer: a part of a model from a table, a code and parameters, and from nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

PARTS = ("base", "districts", "seasons")
PARAMS = ("shrink", "trim")
KNOWN = re.compile(r"fit-[1-9][0-9]{0,3}")
MOST_ROWS = 5000


class Row(NamedTuple):
    """A flat that was let."""

    district: str
    built: str
    m2: int
    month: str
    cents: int
    weight: int


def train(part: str, table: str, code: str, params: Mapping[str, Any]) -> bytes:
    """A part, as JSON text: rents per square metre in cents by decade, or factors by district or by month.

    Raises:
        ValueError: there is no such part or code, or the table or the parameters make no sense.
    """
    if part not in PARTS or not KNOWN.fullmatch(code):
        raise ValueError(f"there is no part {part!r:.40} or no trainer {code!r:.40}")
    shrink, trim = (params[name] if type(params.get(name)) is int else -1 for name in PARAMS)
    if not (0 <= shrink <= 1000 and 0 <= trim <= 200) or len(params) != len(PARAMS):
        raise ValueError("params: {shrink: 0 to 1000, trim: 0 to 200}")
    kept = _trimmed(_rows(table, code), trim)
    mean = _rate(kept)
    if part == "base":
        made = {key: _text(_shrunk(rows, mean, shrink)) for key, rows in _by(kept, "built")}
    else:
        column = "district" if part == "districts" else "month"
        made = {key: _text(_shrunk(rows, mean, shrink) / mean) for key, rows in _by(kept, column)}
    return json.dumps({"part": part, "values": made}, sort_keys=True).encode()


def _rows(table: str, code: str) -> list[Row]:
    """All rows; each trainer weighs months in its own way."""
    weights = [1 + byte % 9 for byte in hashlib.sha256(code.encode()).digest()[:12]]
    lines = table.strip().split("\n")[1:]
    if not 10 <= len(lines) <= MOST_ROWS:
        raise ValueError(f"table: 10 to {MOST_ROWS} rows, with a header")
    rows = []
    for line in lines:
        _, district, built, m2, month, cents = line.split(",")
        rows.append(Row(district, built, int(m2), month, int(cents), weights[int(month) % 12]))
    return rows


def _trimmed(rows: list[Row], trim: int) -> list[Row]:
    """Without so many in a thousand of the cheapest and of the dearest."""
    ordered = sorted(rows, key=lambda row: row.cents * 1_000_000 // row.m2)
    away = len(rows) * trim // 1000
    return ordered[away : len(rows) - away]


def _rate(rows: Iterable[Row]) -> Fraction:
    rows = list(rows)
    return Fraction(sum(row.cents * row.weight for row in rows), sum(row.m2 * row.weight for row in rows))


def _shrunk(rows: list[Row], mean: Fraction, shrink: int) -> Fraction:
    """The rate of some rows, drawn to that of all as by so many square metres."""
    weight = sum(row.m2 * row.weight for row in rows)
    return (sum(row.cents * row.weight for row in rows) + shrink * 20 * mean) / (weight + shrink * 20)


def _by(rows: list[Row], column: str) -> Iterable[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found.items()


def _text(value: Fraction) -> str:
    """Four digits after the point."""
    whole = round(value * 10_000)
    return f"{whole // 10_000}.{whole % 10_000:04d}"
