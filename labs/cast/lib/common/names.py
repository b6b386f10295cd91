"""Names and random numbers for draws and worlds: the same for a seed, and none tells of another."""

from __future__ import annotations

import hashlib
import random


def named(seed: int | str, *what: int | str, size: int = 5) -> str:
    """A name that tells nothing: `size` bytes as hexadecimal digits; 5 tell a few thousand apart."""
    return hashlib.blake2b(_joined(seed, *what).encode(), digest_size=size).hexdigest()


def generator(seed: int | str, *what: int | str) -> random.Random:
    """A generator of its own for each thing that is drawn, so that what one gives says nothing of the others."""
    return random.Random(_joined(seed, *what))


def _joined(*parts: int | str) -> str:
    return ":".join(map(str, parts))
