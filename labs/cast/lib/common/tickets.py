"""Names that nobody can guess without the seed."""

from __future__ import annotations

import hashlib
import json


def ticket(seed: int | str, case: str, aspect: str, number: int = 0) -> str:
    """The name of one question about a case, or of anything else of that case; 32 hexadecimal digits."""
    return hashlib.blake2b(json.dumps([seed, case, aspect, number]).encode(), digest_size=16).hexdigest()
