"""How a policy reads a text; DETAILS.md says the same to candidates."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

BUCKETS = 512
WORD = re.compile(r"[a-z]+")


def words_of(text: str) -> list[str]:
    """All words of a text, in small letters."""
    return WORD.findall(text.lower())


@lru_cache(4096)
def bucket_of(word: str) -> int:
    """The bucket of a word."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big") % BUCKETS
