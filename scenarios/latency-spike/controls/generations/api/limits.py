"""What we promised others: queries a second, and calls at once."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from deadline import Deadline

WINDOW_S = 1.1  # a second, and what a query may be late on its way


class Window:
    """At most so many in any second. Those of less weight ask for a lower limit, and so leave room."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: deque[float] = deque()

    def take(self, up_to: int | None = None) -> bool:
        now = time.monotonic()
        while self._times and self._times[0] < now - WINDOW_S:
            self._times.popleft()
        if len(self._times) >= min(self._most, self._most if up_to is None else up_to):
            return False
        self._times.append(now)
        return True

    async def wait(self, deadline: Deadline) -> bool:
        """Take one as soon as there is room; whether there was in time."""
        while not self.take():
            if deadline.passed:
                return False
            await asyncio.sleep(0.02)
        return True


class Places:
    """At most so many at once. Being refused lowers that by one, and a while without refusals raises it again."""

    def __init__(self, most: int, recover_s: float) -> None:
        self._most = self._allowed = most
        self._recover_s = recover_s
        self._used = 0
        self._changed_at = time.monotonic()
        self._closed_until = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def allowed(self) -> int:
        return self._allowed

    async def take(self, deadline: Deadline) -> bool:
        """Take a place, in turn; whether there was one in time."""
        if not self._waiting and self._free():
            self._used += 1
            return True
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._wake()
        try:
            async with asyncio.timeout(deadline.left()):
                await turn  # whoever resolves it has taken the place for us
            return True
        except TimeoutError:
            if turn.done() and not turn.cancelled():  # it came at the last moment
                self.give_back()
            return False
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()
            raise

    def give_back(self) -> None:
        self._used -= 1
        self._wake()

    def refused(self, pause_s: float) -> None:
        """The provider said that this was too much: fewer from now on, and none at all for a moment."""
        now = time.monotonic()
        self._allowed = max(1, self._allowed - 1)
        self._changed_at = now
        self._closed_until = max(self._closed_until, now + pause_s)
        asyncio.get_running_loop().call_later(pause_s + 0.001, self._wake)

    def went_well(self) -> None:
        now = time.monotonic()
        if self._allowed < self._most and now - self._changed_at > self._recover_s:
            self._allowed += 1
            self._changed_at = now

    def _free(self) -> bool:
        return self._used < self._allowed and time.monotonic() >= self._closed_until

    def _wake(self) -> None:
        while self._waiting and self._free():
            turn = self._waiting.popleft()
            if not turn.done():
                self._used += 1
                turn.set_result(None)
