"""Where calls wait: slots, the queue before them, and replicas that come after a while. Times in seconds.

All of it goes by the loop's clock, so a test can let it pass in no time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

SOONEST_S, LATEST_S = 0.001, 5.0


class Full(Exception):
    """No place for this call. `status`: 429 or 503; `retry_s`: when one may be free."""

    def __init__(self, status: int, retry_s: float) -> None:
        super().__init__("no slot is free" if status == 429 else "the queue is full")
        self.status, self.retry_s = status, retry_s


@dataclass(eq=False)
class Held:
    """A slot that a call has. `until`: when it expects to give it back."""

    until: float
    waited: float


@dataclass(eq=False)
class _Turn:
    comes: asyncio.Future[Held]
    came: float
    seconds: float


class Slots:
    """Calls at work, and those that wait for one of them to end, in the order of coming.

    Args:
        many: at work at once; None: any number.
        queue: calls that may wait.
        refuse: whether a call that finds no slot is refused at once, in place of waiting.
    """

    def __init__(self, many: int | None, queue: int, *, refuse: bool) -> None:
        self.many, self.queue, self.refuse = many, queue, refuse
        self._held: set[Held] = set()
        self._waiting: deque[_Turn] = deque()

    @property
    def busy(self) -> int:
        """Calls at work."""
        return len(self._held)

    @property
    def waiting(self) -> int:
        """Calls in the queue."""
        return len(self._waiting)

    async def take(self, seconds: float) -> Held:
        """A slot, for a call that is to last so long; waits for one.

        Raises:
            Full: 429 where none waits, 503 where too many do.
        """
        now = _now()
        if not self._waiting and self._room():
            return self._hold(now, seconds)
        if self.refuse:
            raise Full(429, self._free_s(now))
        if len(self._waiting) >= self.queue:
            raise Full(503, self._free_s(now))
        turn = _Turn(asyncio.get_running_loop().create_future(), now, seconds)
        self._waiting.append(turn)
        try:
            return await turn.comes
        except asyncio.CancelledError:
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif not turn.comes.cancelled():
                self.give(turn.comes.result())
            raise

    def give(self, held: Held) -> None:
        """The slot is free again."""
        self._held.discard(held)
        self._next()

    def resize(self, many: int | None) -> None:
        """So many slots from now on. Calls that are at work go on to their end, also where there are fewer."""
        self.many = many
        self._next()

    def _room(self) -> bool:
        return self.many is None or len(self._held) < self.many

    def _hold(self, came: float, seconds: float) -> Held:
        held = Held(_now() + seconds, _now() - came)
        self._held.add(held)
        return held

    def _next(self) -> None:
        while self._waiting and self._room():
            turn = self._waiting.popleft()
            if not turn.comes.done():
                turn.comes.set_result(self._hold(turn.came, turn.seconds))

    def _free_s(self, now: float) -> float:
        soonest = min((held.until for held in self._held), default=now)
        return min(LATEST_S, max(SOONEST_S, soonest - now))


class Replicas:
    """How many replicas are wanted and there, each a slot. One more works `start_s` after it was asked for; one less
    is gone at once, those first that do not work yet, and ends the call that it has.

    Args:
        slots: that they make.
        wanted: at first, and there at once.
        start_s: seconds until a new one works.
    """

    def __init__(self, slots: Slots, wanted: int, start_s: float) -> None:
        self._slots, self.start_s = slots, start_s
        self.wanted = self.there = wanted
        self._starting: list[asyncio.TimerHandle] = []
        self._billed, self._since = 0.0, _now()
        slots.resize(wanted)

    @property
    def starting(self) -> int:
        """Those that were asked for and do not work yet."""
        return len(self._starting)

    @property
    def seconds(self) -> float:
        """Replica-seconds that are billed: from when each was asked for until it was let go."""
        return self._billed + self.wanted * (_now() - self._since)

    def scale(self, wanted: int) -> None:
        """So many are wanted from now on."""
        self._billed, self._since = self.seconds, _now()
        more, self.wanted = wanted - self.wanted, wanted
        while more < 0 and self._starting:
            self._starting.pop().cancel()
            more += 1
        if more < 0:
            self.there += more
            self._slots.resize(self.there)
        loop = asyncio.get_running_loop()
        self._starting += [loop.call_later(self.start_s, self._works) for _ in range(more)]

    def end(self) -> None:
        """None of those that start will work."""
        while self._starting:
            self._starting.pop().cancel()

    def _works(self) -> None:
        self._starting.pop(0)  # all take as long, so the oldest is due first
        self.there += 1
        self._slots.resize(self.there)


def _now() -> float:
    return asyncio.get_running_loop().time()
