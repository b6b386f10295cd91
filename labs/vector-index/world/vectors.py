"""Vectors of titles: those that the provider gives for the same texts, of many texts at once."""

from __future__ import annotations

import hashlib
import struct
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SIZE = 512
WHOLE, PART = (16, 1.0), (4, 0.5)
ENDINGS = ("ings", "ing", "ies", "edly", "ed", "es", "s", "e", "y")


def vectors(model: str, dimensions: int, texts: Sequence[Sequence[str]]) -> Floats:
    """A row of length 1 for each text, which is given as its words in lower case."""
    found: Floats = np.zeros((len(texts), dimensions))
    for at, words in enumerate(texts):
        for word, times in Counter(map(stem, words)).items():
            found[at] += times**0.5 * _word(model, word)[:dimensions]
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return np.round(found, 7)


def stem(word: str) -> str:
    """As the provider's."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=2048)
def _word(model: str, word: str) -> Floats:
    edged = f"^{word[:40]}$"
    values: Floats = np.zeros(SIZE)
    for part, (places, weight) in [(edged, WHOLE)] + [(edged[at : at + 3], PART) for at in range(len(edged) - 2)]:
        digest = hashlib.blake2b(f"{model}:{part}".encode(), digest_size=4 * places).digest()
        for number in struct.unpack(f"<{places}I", digest):
            values[(number >> 1) % SIZE] += (1 if number & 1 else -1) * weight
    return values
