"""How each toxic acts on one direction of one connection.

What a toxic does follows Toxiproxy 2: https://github.com/Shopify/toxiproxy#toxics. Clocks are `time.monotonic`.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Protocol

from ledger import Acts
from toxics import Toxic

KB = 1000
SLICE_S = 0.1
"""A limited rate passes data on in pieces of this duration."""


@dataclass(frozen=True)
class Chunk:
    """Bytes on their way, and the moment from which the next delay counts."""

    data: bytes
    due: float


class Way(Protocol):
    """What an act needs of the link that it acts on."""

    async def forward(self, chunk: Chunk, after: int) -> None: ...
    def end(self, reset: bool = False) -> None: ...


class Act:
    """One toxic on one link. Passes everything on; each type says what it does instead.

    Attributes:
        place: in the order of the toxics.
        bites: whether the draw by toxicity hit this connection.
    """

    roomy = False
    """Whether the link must hold much data for it."""

    def __init__(self, toxic: Toxic, place: int, way: Way, draw: random.Random, acts: Acts) -> None:
        self.toxic, self.place = toxic, place
        self.bites = draw.random() < toxic.toxicity
        self._way, self._draw, self._acts = way, draw, acts
        self._counted = False
        self._lifted = asyncio.Event()

    def begin(self) -> None:
        """It is in place."""

    async def pass_on(self, chunk: Chunk) -> None:
        """Let it act on a chunk."""
        await self.forward(chunk)

    async def close(self) -> None:
        """The sender has no more to say; this passes on when the call returns."""

    def follow(self, before: Act) -> None:
        """Take the place of an act of the same toxic whose attributes were changed."""
        self._counted = before._counted

    def lift(self, removed: bool) -> None:
        """Act no more, and let go of what is held back now. `removed` is false where the connection is over."""
        self._lifted.set()

    @property
    def lifted(self) -> bool:
        """Whether it acts no more."""
        return self._lifted.is_set()

    async def forward(self, chunk: Chunk) -> None:
        """To the next toxic, or out."""
        await self._way.forward(chunk, self.place)

    def note(self, size: int) -> None:
        """Into the ledger: it acted on so many bytes."""
        self._acts.note(size, not self._counted)
        self._counted = True

    async def until(self, due: float) -> None:
        """Wait until that moment, or until it is lifted. A timer may be early, hence the loop."""
        while (left := due - time.monotonic()) > 0 and not self.lifted:
            try:
                async with asyncio.timeout(left):
                    await self._lifted.wait()
            except TimeoutError:
                continue


class Latency(Act):
    """Everything arrives later by `latency` ms, give or take `jitter` ms, in order."""

    roomy = True

    async def pass_on(self, chunk: Chunk) -> None:
        jitter = self.toxic.attributes["jitter"]
        delay_ms = self.toxic.attributes["latency"] + self._draw.uniform(-jitter, jitter)
        due = chunk.due + max(0.0, delay_ms) / 1000
        if delay_ms > 0:
            self.note(len(chunk.data))
        await self.until(due)
        await self.forward(Chunk(chunk.data, min(due, time.monotonic())))


class Timeout(Act):
    """Nothing arrives; the connection is closed after `timeout` ms (0: not at all), or when the toxic is removed."""

    _timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        after_s = self.toxic.attributes["timeout"] / 1000
        if after_s > 0:
            self._timer = asyncio.get_running_loop().call_later(after_s, self._expire)

    async def pass_on(self, chunk: Chunk) -> None:
        self.note(len(chunk.data))

    def lift(self, removed: bool) -> None:
        super().lift(removed)
        if self._timer is not None:
            self._timer.cancel()
        if removed:
            self._way.end()

    def _expire(self) -> None:
        self.note(0)
        self._way.end()


class ResetPeer(Act):
    """Both sides get a TCP reset `timeout` ms after the first data, or the end, on this stream; nothing arrives."""

    async def pass_on(self, chunk: Chunk) -> None:
        await self._strike(len(chunk.data))
        if self.lifted:
            await self.forward(chunk)

    async def close(self) -> None:
        await self._strike(0)

    async def _strike(self, size: int) -> None:
        await self.until(time.monotonic() + self.toxic.attributes["timeout"] / 1000)
        if not self.lifted:
            self.note(size)
            self._way.end(reset=True)


class Bandwidth(Act):
    """`rate` KB a second pass, a KB being 1000 bytes; at 0 nothing does until the toxic is changed or removed."""

    _free = 0.0

    async def pass_on(self, chunk: Chunk) -> None:
        rest = chunk.data
        rate = self.toxic.attributes["rate"] * KB
        self.note(len(rest))
        if rate == 0:
            await self._lifted.wait()
        while rest and not self.lifted:
            piece = rest[: max(1, int(rate * SLICE_S))]
            self._free = max(self._free, time.monotonic()) + len(piece) / rate
            await self.until(self._free)
            await self.forward(Chunk(piece, self._free))
            rest = rest[len(piece) :]
        if rest:
            await self.forward(Chunk(rest, chunk.due))


class SlowClose(Act):
    """The end of the stream arrives `delay` ms late."""

    async def close(self) -> None:
        self.note(0)
        await self.until(time.monotonic() + self.toxic.attributes["delay"] / 1000)


class Slicer(Act):
    """Arrives in slices of `average_size` bytes, give or take `size_variation`, each followed by `delay` us of rest."""

    async def pass_on(self, chunk: Chunk) -> None:
        average, variation = self.toxic.attributes["average_size"], self.toxic.attributes["size_variation"]
        rest = chunk.data
        if len(rest) > average + variation:
            self.note(len(rest))
        while len(rest) > average + variation and not self.lifted:
            size = average + self._draw.randint(-variation, variation)
            await self.forward(Chunk(rest[:size], chunk.due))
            await self.until(time.monotonic() + self.toxic.attributes["delay"] / 1e6)
            rest = rest[size:]
        await self.forward(Chunk(rest, chunk.due))


class LimitData(Act):
    """The connection is closed once `bytes` have passed; the rest is dropped."""

    _passed = 0

    async def pass_on(self, chunk: Chunk) -> None:
        limit = self.toxic.attributes["bytes"]
        allowed = chunk.data[: max(0, limit - self._passed)]
        self._passed += len(allowed)
        if allowed:
            await self.forward(Chunk(allowed, chunk.due))
        if self._passed >= limit:
            self.note(len(chunk.data) - len(allowed))
            self._way.end()

    def follow(self, before: Act) -> None:
        super().follow(before)
        if isinstance(before, LimitData):
            self._passed = before._passed


KINDS: dict[str, type[Act]] = {
    "latency": Latency,
    "timeout": Timeout,
    "reset_peer": ResetPeer,
    "bandwidth": Bandwidth,
    "slow_close": SlowClose,
    "slicer": Slicer,
    "limit_data": LimitData,
}
