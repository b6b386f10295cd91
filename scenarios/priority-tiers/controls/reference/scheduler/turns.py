"""The slots of the pool, and who gets the next one: tiers by their weights, and nobody waits long."""

from __future__ import annotations

import asyncio
from collections import deque

WEIGHTS = {"premium": 0.8, "free": 0.2}
LONGEST_S = {"premium": 0.25, "free": 0.5}


class Full(Exception):
    """There was no slot in time."""


class Turns:
    """Start-time fair queueing: the tier whose next turn would have begun first."""

    def __init__(self, slots: int) -> None:
        self.free = slots
        self.now = 0.0
        self.ends = dict.fromkeys(WEIGHTS, 0.0)
        self.lines: dict[str, deque[asyncio.Future[None]]] = {tier: deque() for tier in WEIGHTS}

    async def take(self, tier: str) -> None:
        """A slot; Full if it takes too long."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lines[tier].append(turn)
        self.next()
        try:
            await asyncio.wait_for(turn, LONGEST_S[tier])
        except TimeoutError:
            if turn.cancelled():  # if not, it came as time ran out: from Python 3.12 on wait_for raises all the same
                raise Full from None

    def give(self) -> None:
        """The slot is free again."""
        self.free += 1
        self.next()

    def next(self) -> None:
        while self.free:
            for line in self.lines.values():
                while line and line[0].done():
                    line.popleft()
            starts = {tier: max(self.now, self.ends[tier]) for tier, line in self.lines.items() if line}
            if not starts:
                return
            tier = min(starts, key=lambda each: starts[each])
            self.now = starts[tier]
            self.ends[tier] = self.now + 1 / WEIGHTS[tier]
            self.free -= 1
            self.lines[tier].popleft().set_result(None)

    def waiting(self, tier: str) -> int:
        """How many wait."""
        return sum(not turn.done() for turn in self.lines[tier])
