"""Random numbers that tell nothing of others: a generator for each thing that is drawn."""

from __future__ import annotations

import hashlib

import numpy as np


def generator(*what):
    """A generator for what is named, the seed first."""
    digest = hashlib.blake2b(repr(what).encode(), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))
