"""Whether somebody has to get up, for each tier."""

from __future__ import annotations

import asyncio
from collections import deque

WINDOW_S = 1.0
PROMISE_S = 0.4
MOST = 0.1


class Watched:
    """A picture within its quota. It is kept or missed once: with its answer, or 0.4 s after it came."""

    def __init__(self, settled: deque[tuple[float, bool]], began: float) -> None:
        self.settled = settled
        self.loop = asyncio.get_running_loop()
        self.timer: asyncio.TimerHandle | None = self.loop.call_at(began + PROMISE_S, self.settle, False)

    def settle(self, fine: bool) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None
            self.settled.append((self.loop.time(), fine))


class Pager:
    def __init__(self) -> None:
        self.settled: dict[str, deque[tuple[float, bool]]] = {"premium": deque(), "free": deque()}

    def watch(self, tier: str, began: float) -> Watched:
        """A picture that came at `began` (loop time); call `settle(got a text)` with its answer."""
        self.forget(tier)
        return Watched(self.settled[tier], began)

    def state(self, tier: str) -> str:
        """`burning` if more than a tenth of the last second's pictures got no text within 0.4 s."""
        self.forget(tier)
        settled = self.settled[tier]
        bad = sum(not fine for _, fine in settled)
        return "burning" if bad > MOST * len(settled) else "ok"

    def forget(self, tier: str) -> None:
        settled, since = self.settled[tier], asyncio.get_running_loop().time() - WINDOW_S
        while settled and settled[0][0] < since:
            settled.popleft()
