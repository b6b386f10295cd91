"""Quotas by the generic cell rate algorithm: one time for each tenant, and nothing that has to be filled."""

from __future__ import annotations

import asyncio
from typing import Any


class Limiter:
    def __init__(self) -> None:
        self.due: dict[str, float] = {}  # when the next picture of a tenant would come, if it kept its rate

    def early(self, account: dict[str, Any]) -> float:
        """Seconds that this picture comes too early; if 0, it counts."""
        now = asyncio.get_running_loop().time()
        apart = 1 / account["per_second"]
        due = max(now, self.due.get(account["tenant"], 0.0))
        early = due - now - (account["burst"] - 1) * apart
        if early > 1e-9:
            return float(early)
        self.due[account["tenant"]] = due + apart
        return 0.0
