"""Words that nobody has seen: for people, teams, inputs, segments."""

from __future__ import annotations

import random

_BEGIN = ("b", "br", "d", "dr", "f", "g", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_END = ("", "l", "n", "r", "s", "nd", "rt", "m")


def word(rng: random.Random) -> str:
    """Two or three syllables."""
    return "".join(rng.choice(_BEGIN) + rng.choice(_VOWELS) + rng.choice(_END) for _ in range(rng.randint(2, 3)))


def words(rng: random.Random, count: int) -> list[str]:
    """So many, each another."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[word(rng)] = None
    return list(found)
