"""A bucket for each tenant: so many at once, and so many a second."""

from __future__ import annotations

import asyncio
from typing import Any


class Limiter:
    def __init__(self) -> None:
        self.buckets: dict[str, tuple[float, float]] = {}  # tokens, and when there were so many

    def wait(self, account: dict[str, Any]) -> float:
        """Take a token; 0, or seconds until there will be one. Who is refused takes none."""
        now = asyncio.get_running_loop().time()
        tenant, most, each = account["tenant"], float(account["burst"]), float(account["per_second"])
        tokens, since = self.buckets.get(tenant, (most, now))
        tokens = min(most, tokens + (now - since) * each)
        fits = tokens >= 1
        self.buckets[tenant] = (tokens - fits, now)
        return 0.0 if fits else (1 - tokens) / each
