"""Of each tier what was missed in the last second, and what is about to be."""

from __future__ import annotations

import asyncio

SECOND, LATE_S, TENTH = 1.0, 0.4, 0.1


class Burning:
    def __init__(self) -> None:
        self.open: set[tuple[float, int]] = set()
        self.ended: list[tuple[float, bool]] = []
        self.number = 0

    def begin(self, at: float) -> tuple[float, int]:
        self.number += 1
        self.open.add((at, self.number))
        return at, self.number

    def end(self, one: tuple[float, int], fine: bool) -> None:
        now = asyncio.get_running_loop().time()
        self.open.discard(one)
        self.ended.append((now, fine and now - one[0] <= LATE_S))

    def state(self) -> str:
        now = asyncio.get_running_loop().time()
        self.ended = [(at, fine) for at, fine in self.ended if at > now - SECOND]
        late = sum(now - at > LATE_S for at, _ in self.open)
        missed = late + sum(not fine for _, fine in self.ended)
        return "burning" if missed > TENTH * (late + len(self.ended)) else "ok"
