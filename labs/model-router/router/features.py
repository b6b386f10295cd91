"""What of a text a policy looks at."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

WORD = re.compile(r"[A-Za-z]+")
MOST = 120  # characters; the rest costs time and says the same again


@lru_cache(10_000)
def hashed(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big")


def buckets(text: str, many: int) -> list[int]:
    """The buckets of a text's words."""
    return [hashed(word) % many for word in WORD.findall(text[:MOST])]
