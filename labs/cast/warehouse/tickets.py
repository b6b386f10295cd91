"""Names under which tables are fetched. Nobody can guess tomorrow's from today's."""

from __future__ import annotations

import hashlib

REFERENCE = -1


def ticket(seed: int, stream: str, day: int) -> str:
    """The name of one day's batch (`day` counts from 0), or of the stream's history (`REFERENCE`); 32 hex digits."""
    return hashlib.blake2b(f"{seed}:{stream}:{day}".encode(), digest_size=16).hexdigest()
