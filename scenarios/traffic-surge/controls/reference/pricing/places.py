"""How many calls of a model may be under way, and who waits for one of them to end."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator


class Full(Exception):
    """No place was free in time."""


class Places:
    def __init__(self, many: int) -> None:
        self.many, self.taken = many, 0
        self.lines: dict[int, deque[asyncio.Future[None]]] = {}  # who waits, by the places that each leaves for others

    @contextlib.asynccontextmanager
    async def one(self, patience_s: float, kept: int) -> AsyncIterator[None]:
        """A place while the block runs. Full if none is free in time."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lines.setdefault(kept, deque()).append(turn)
        self.next()
        try:
            await asyncio.wait([turn], timeout=patience_s)
            if not turn.done():
                raise Full
            yield
        finally:
            if not turn.cancel():  # it was given one
                self.taken -= 1
                self.next()

    def resize(self, many: int) -> None:
        self.many = many
        self.next()

    def next(self) -> None:
        """Give free places to those who wait, first to those who need not leave any."""
        for kept in sorted(self.lines):
            line = self.lines[kept]
            while line and self.taken < self.many - kept:
                turn = line.popleft()
                if not turn.done():
                    turn.set_result(None)
                    self.taken += 1
