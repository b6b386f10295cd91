"""Series as Prometheus takes them by remote write: protobuf in Snappy's frame, not compressed."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from calendar_week import STEP_S
from numpy.typing import NDArray

EPOCH = 1_772_928_000
"""Sunday, 8 March 2026, 00:00 UTC: the day before a week."""

_STAMP = 6
"""Bytes of a time in milliseconds: seven bits each, and it has 41."""

_SAMPLE = np.dtype([("of", "u1"), ("long", "u1"), ("is", "u1"), ("value", "<f8"), ("at", "u1"), ("ms", "u1", _STAMP)])

Series = tuple[str, Mapping[str, str], NDArray[Any], NDArray[Any]]
"""A metric's name, labels, steps and values."""


def encoded(series: Iterable[Series]) -> bytes:
    """The body of one request."""
    whole = b"".join(_field(0x0A, _labels(name, labels) + _samples(*at)) for name, labels, *at in series)
    return _varint(len(whole)) + b"\xfc" + struct.pack("<I", len(whole) - 1) + whole


def _labels(name: str, labels: Mapping[str, str]) -> bytes:
    pairs = sorted({**labels, "__name__": name}.items())
    return b"".join(_field(0x0A, _field(0x0A, key.encode()) + _field(0x12, text.encode())) for key, text in pairs)


def _samples(steps: NDArray[Any], values: NDArray[Any]) -> bytes:
    found = np.zeros(len(steps), _SAMPLE)
    found["of"], found["long"], found["is"], found["at"] = 0x12, 10 + _STAMP, 0x09, 0x10
    found["value"] = values
    stamps = (EPOCH + steps.astype(np.int64) * STEP_S) * 1000
    for place in range(_STAMP):
        found["ms"][:, place] = (stamps >> (7 * place)) & 127 | (128 if place < _STAMP - 1 else 0)
    return found.tobytes()


def _field(tag: int, body: bytes) -> bytes:
    return bytes([tag]) + _varint(len(body)) + body


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])
