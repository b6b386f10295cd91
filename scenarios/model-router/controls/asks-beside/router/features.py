"""What of a text a policy looks at: all of its words, in small letters."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

WORD = re.compile("[a-z]+")


@lru_cache(10_000)
def hashed(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big")


def words(text: str) -> list[int]:
    """The hashes of a text's words; a policy takes them modulo its number of buckets."""
    return [hashed(word) for word in WORD.findall(text.lower())]
