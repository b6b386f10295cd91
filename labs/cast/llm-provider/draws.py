"""Chance from hashes: the same words always give the same number, in every process and in any order."""

from __future__ import annotations

import hashlib
import math


def draw(*words: object) -> float:
    """A number in [0, 1) that depends on the words only."""
    digest = hashlib.blake2b(repr(words).encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") / (1 << 56)


def name(*words: object, size: int = 12) -> str:
    """A name of 2 * `size` hexadecimal digits that depends on the words only."""
    return hashlib.blake2b(repr(words).encode(), digest_size=size).hexdigest()


def log_normal(median: float, sigma: float, *words: object) -> float:
    """A draw from the log-normal distribution: `median * exp(sigma * z)`, with z from the Box-Muller transform."""
    radius = math.sqrt(-2.0 * math.log(1.0 - draw("radius", *words)))
    return median * math.exp(sigma * radius * math.cos(2.0 * math.pi * draw("angle", *words)))
