"""Whether somebody has to get up: a state for each tier, of the pictures that came in the last second."""

from __future__ import annotations

import asyncio
from collections import deque

WINDOW_S = 1.0
WITHIN_S = 0.4
MOST = 0.1


class Came:
    def __init__(self, at: float) -> None:
        self.at = at
        self.missed: bool | None = None

    def ends(self, fine: bool) -> None:
        self.missed = not fine or asyncio.get_running_loop().time() - self.at > WITHIN_S


class Pager:
    def __init__(self, tiers: tuple[str, ...]) -> None:
        self.came: dict[str, deque[Came]] = {tier: deque() for tier in tiers}

    def comes(self, tier: str, at: float) -> Came:
        one = Came(at)
        self.came[tier].append(one)
        return one

    def state(self, tier: str) -> str:
        """`burning` if more than a tenth got nothing, or nothing in time; what is open for so long has missed."""
        now, came = asyncio.get_running_loop().time(), self.came[tier]
        while came and came[0].at < now - WINDOW_S:
            came.popleft()
        missed = sum(now - one.at > WITHIN_S if one.missed is None else one.missed for one in came)
        return "burning" if missed > MOST * len(came) else "ok"
