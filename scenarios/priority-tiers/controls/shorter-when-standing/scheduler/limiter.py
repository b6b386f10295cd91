"""A bucket of tokens for each tenant: its quota, and nobody else's."""

from __future__ import annotations

import time
from typing import Any


class Bucket:
    def __init__(self, burst: float) -> None:
        self.tokens = burst
        self.at = time.monotonic()

    def take(self, per_second: float, burst: float) -> float:
        """0.0 and a token is taken, or the seconds until there is one; then nothing is taken."""
        now = time.monotonic()
        self.tokens = min(burst, self.tokens + (now - self.at) * per_second)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / per_second if per_second > 0 else 5.0


class Quotas:
    def __init__(self) -> None:
        self.buckets: dict[str, Bucket] = {}

    def take(self, account: dict[str, Any]) -> float:
        """As Bucket.take, with the tenant's quota as its account has it now."""
        tenant, burst = account["tenant"], float(account["burst"])
        bucket = self.buckets.get(tenant)
        if bucket is None:
            bucket = self.buckets[tenant] = Bucket(burst)
        return bucket.take(float(account["per_second"]), burst)

    def give_back(self, account: dict[str, Any]) -> None:
        """Who got no text pays no token."""
        self.buckets[account["tenant"]].tokens += 1  # the next take keeps it below the burst
