"""Places at a model: as many calls at a time as it can work on, premium sites first."""

from __future__ import annotations

import asyncio
from collections import deque

PREMIUM, BASIC = 0, 1


class Slots:
    """`spare` places are kept free of basic calls; more than `queue` calls never wait for a place."""

    def __init__(self, places: int, spare: int, queue: int) -> None:
        self.places, self.spare, self.queue = places, spare, queue
        self.busy = 0
        self.waiting: tuple[deque[asyncio.Future[bool]], ...] = (deque(), deque())

    def resize(self, places: int) -> None:
        self.places = places
        self.wake()

    def room(self, rank: int) -> bool:
        spare = min(self.spare, self.places - 1) if rank == BASIC else 0
        return self.busy + spare < self.places

    async def take(self, rank: int, wait_s: float) -> bool:
        """True: a place is yours, give it back. False: none came free in that time."""
        if self.room(rank):
            self.busy += 1
            return True
        if wait_s <= 0 or sum(map(len, self.waiting)) >= self.queue:
            return False
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.waiting[rank].append(turn)
        try:
            await asyncio.wait({turn}, timeout=wait_s)
        except asyncio.CancelledError:
            if turn.done() and turn.result():
                self.give()
            raise
        finally:
            if not turn.done():
                self.waiting[rank].remove(turn)
        return turn.done() and turn.result()

    def give(self) -> None:
        self.busy -= 1
        self.wake()

    def wake(self) -> None:
        for rank, line in enumerate(self.waiting):
            while line and self.room(rank):
                self.busy += 1
                line.popleft().set_result(True)

    def send_away(self) -> None:
        """Nobody waits any longer: the model is down."""
        for line in self.waiting:
            while line:
                line.popleft().set_result(False)
