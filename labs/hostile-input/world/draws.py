"""Random numbers that tell nothing of others: a generator for each thing that is drawn."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Grades = NDArray[np.int64]
"""By number: 0 is A."""


def generator(*what: object) -> np.random.Generator:
    """A generator for what is named, the seed first."""
    digest = hashlib.blake2b(repr(what).encode(), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))
