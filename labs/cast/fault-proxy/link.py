"""One direction of one connection: read, let the toxics act, write."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from acting import Act, Chunk
from ledger import Flow

READ = 1 << 16
HELD, HELD_ROOMY = 1 << 16, 1 << 22
"""Bytes that are read ahead of the receiver: usually, and while a toxic has to hold what it delays."""
HELD_BY_ALL = 24 << 20
"""Once all links hold so much, each reads ahead as usual: who opens many connections must not fill the memory."""


class Link:
    """Reads from one side and writes to the other, through the acts in the order of their places.

    Args:
        reader, writer: of the sender and of the receiver.
        flow: counts the bytes.
        end: ends the whole connection, with a TCP reset if told so.
    """

    by_all = 0
    """Bytes that all links hold."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flow: Flow, end: Callable[[bool], None]
    ) -> None:
        self._reader, self._writer, self._flow, self._end = reader, writer, flow, end
        self._acts: list[Act] = []
        self._held: deque[Chunk] = deque()
        self._held_bytes = 0
        self._changed = asyncio.Event()
        self._over = False

    def put(self, act: Act) -> None:
        """Let an act begin: behind the others, or in the place of the one that has its place."""
        before = next((a for a in self._acts if a.place == act.place), None)
        self._acts = sorted([*(a for a in self._acts if a is not before), act], key=lambda a: a.place)
        if before is not None:
            act.follow(before)
            before.lift(removed=before.bites and not act.bites)
        if act.bites:
            act.begin()

    def take(self, place: int) -> None:
        """End the act in that place."""
        for act in [a for a in self._acts if a.place == place]:
            self._acts.remove(act)
            act.lift(removed=act.bites)

    async def run(self) -> None:
        """Until the sender has ended its stream and all of it is passed on. A socket's error ends the connection."""
        reading = asyncio.create_task(self._read())
        try:
            await self._write()
        except OSError:
            self.end(reset=True)
        finally:
            reading.cancel()
            Link.by_all -= self._held_bytes
            self._held_bytes = 0
            for act in self._acts:
                act.lift(removed=False)

    async def forward(self, chunk: Chunk, after: int = -1) -> None:
        """To the first act behind that place, or to the receiver, as fast as it takes it."""
        for act in self._acts:
            if act.place > after and act.bites:
                return await act.pass_on(chunk)
        if not self._over:
            self._writer.write(chunk.data)
            self._flow.sent += len(chunk.data)
            await self._writer.drain()

    def end(self, reset: bool = False) -> None:
        """End the whole connection; what comes later is dropped."""
        self._over = True
        self._end(reset)

    async def _read(self) -> None:
        try:
            while data := await self._reader.read(READ):
                self._flow.received += len(data)
                self._hold(Chunk(data, time.monotonic()))
                while self._held_bytes >= self._room():
                    await self._change()
            self._hold(Chunk(b"", 0.0))
        except OSError:
            self.end(reset=True)

    def _room(self) -> int:
        return HELD_ROOMY if Link.by_all < HELD_BY_ALL and any(act.roomy and act.bites for act in self._acts) else HELD

    def _hold(self, chunk: Chunk) -> None:
        self._held.append(chunk)
        self._held_bytes += len(chunk.data)
        Link.by_all += len(chunk.data)
        self._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    async def _write(self) -> None:
        while True:
            while not self._held:
                await self._change()
            chunk = self._held.popleft()
            self._held_bytes -= len(chunk.data)
            Link.by_all -= len(chunk.data)
            self._changed.set()
            if not chunk.data:
                return await self._close()
            await self.forward(chunk)

    async def _close(self) -> None:
        for act in list(self._acts):
            if act.bites:
                await act.close()
        if not self._over and self._writer.can_write_eof():
            self._writer.write_eof()
