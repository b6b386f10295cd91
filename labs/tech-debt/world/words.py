"""Words that nobody has ever called anything."""

from __future__ import annotations

from random import Random
from string import ascii_lowercase


def word(rng: Random, least: int = 4, most: int = 12) -> str:
    """So many small letters."""
    return "".join(rng.choices(ascii_lowercase, k=rng.randint(least, most)))
