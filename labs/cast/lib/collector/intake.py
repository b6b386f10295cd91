"""The port that telemetry is sent to, how it behaves, and what that costs."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from call_faults.wire import Exchange
from casebook.shapes import fits
from casebook.strict import clean
from common.guard import Refused

from collector.lines import Lines, read_lines, records_of
from collector.otlp import NotOtlp
from collector.scrapes import Scrapes
from collector.spans import Traces, spans_of

MAX_BODY = 2 << 20
MOST_HELD = 24 << 20
LONGEST_S = 60.0
LAST_S = 1.0


class _Bad(ValueError):
    """An export that is not taken; carries the status to answer with."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass
class Behaved:
    """How exports were met from a moment on, and how many of them.

    Attributes:
        at: since when (seconds since the epoch).
        delay_s: what is taken is answered so much later.
        hang: an export is not answered until it is over; then it is met as whoever comes.
        refuse: it gets 503.
        came, held, refused, taken: exports that came then, that hung, that got 503, that were taken.
    """

    at: float
    delay_s: float = 0.0
    hang: bool = False
    refuse: bool = False
    came: int = 0
    held: int = 0
    refused: int = 0
    taken: int = 0


class Bill:
    """What telemetry costs, by what came: spans, lines, bytes as they were sent, exports."""

    def __init__(self) -> None:
        self.sums: Counter[str] = Counter()
        self._came: deque[tuple[float, str, int]] = deque()

    def enter(self, what: str, many: int = 1) -> None:
        """So many came now."""
        now = time.monotonic()
        self.sums[what] += many
        self._came.append((now, what, many))
        while self._came[0][0] < now - 2 * LAST_S:
            self._came.popleft()

    def last(self) -> Counter[str]:
        """Of the last second."""
        since, found = time.monotonic() - LAST_S, Counter[str]()
        for at, what, many in reversed(self._came):
            if at < since:
                break
            found[what] += many
        return found


class Intake:
    """All that was sent, and how it was met.

    Args:
        scrapes: whose series are on the bill.
    """

    def __init__(self, scrapes: Scrapes) -> None:
        self.traces, self.lines, self.scrapes, self.bill = Traces(), Lines(), scrapes, Bill()
        self.behaved = [Behaved(time.time())]
        self.broken = self._held_bytes = 0
        self._over = asyncio.Event()
        self._kinds: dict[str, Callable[[bytes, float], None]] = {
            "/v1/traces": self._spans,
            "/v1/logs": self._records,
            "/logs": self._lines,
        }

    def takes(self, path: str) -> bool:
        """Whether telemetry may be sent there."""
        return path in self._kinds

    def behave(self, raw: dict[str, Any]) -> list[dict[str, Any]]:
        """Meet exports so from now on; what is left out is as usual. Those that hang are met so, too.

        Raises:
            ValueError: it makes no sense; one sentence.
        """
        if not raw.keys() <= {"delay_s", "hang", "refuse"}:
            raise ValueError("behave takes delay_s, hang and refuse")
        if not fits(raw.get("delay_s", 0), float) or not 0 <= raw.get("delay_s", 0) <= LONGEST_S:
            raise ValueError(f"delay_s must be a number from 0 to {LONGEST_S:g}")
        if not all(fits(raw.get(name, False), bool) for name in ("hang", "refuse")):
            raise ValueError("hang and refuse must be true or false")
        self.behaved.append(Behaved(time.time(), **raw))
        over, self._over = self._over, asyncio.Event()
        over.set()
        return self.shown()

    def shown(self) -> list[dict[str, Any]]:
        """How exports were met, from the start on."""
        return [asdict(each) for each in self.behaved]

    async def take(self, path: str, exchange: Exchange) -> None:
        """An export. It is on the bill when it has come, and kept when it is taken."""
        try:
            body = await self._read(exchange)
        except _Bad as error:
            self.broken += 1
            if not exchange.left:
                await exchange.reply(error.status, {"error": str(error)})
            return
        self.behaved[-1].came += 1
        if not await self._may(exchange, len(body)):
            return
        now = self.behaved[-1]
        try:
            self._kinds[path](body, time.time())
        except (NotOtlp, ValueError, RecursionError) as error:
            self.broken += 1
            await exchange.reply(400, {"error": clean(error, 200)})
            return
        now.taken += 1
        await asyncio.sleep(now.delay_s)
        if not exchange.left:
            await exchange.reply(200, {})

    async def _may(self, exchange: Exchange, size: int) -> bool:
        """Wait while exports hang; whether this one is to be taken then."""
        held = False
        self._held_bytes += size
        try:
            while self.behaved[-1].hang and self._held_bytes <= MOST_HELD and not exchange.left:
                self.behaved[-1].held += not held
                held = True
                await self._over.wait()
        finally:
            self._held_bytes -= size
        if held and exchange.left:
            return False  # it was told nothing, so it sends again
        if self.behaved[-1].refuse or self.behaved[-1].hang:
            self.behaved[-1].refused += 1
            await exchange.reply(503, {"error": "unavailable"})
            return False
        return True

    async def _read(self, exchange: Exchange) -> bytes:
        try:
            raw = await exchange.body(MAX_BODY)
        except Refused as error:
            raise _Bad(413, str(error)) from None
        if len(raw) < int(exchange.header(b"content-length") or 0):
            raise _Bad(400, "the body is cut short")
        self.bill.enter("exports")
        self.bill.enter("bytes", len(raw))
        return unpacked(raw) if exchange.header(b"content-encoding") == "gzip" else raw

    def _spans(self, body: bytes, came: float) -> None:
        spans = spans_of(json.loads(body), came)
        self.bill.enter("spans", len(spans))
        for span in spans:
            self.traces.add(span)

    def _records(self, body: bytes, came: float) -> None:
        lines = records_of(json.loads(body), came)
        self.bill.enter("lines", len(lines))
        for line in lines:
            self.lines.add(line)

    def _lines(self, body: bytes, came: float) -> None:
        lines, broken = read_lines(body, came)
        self.bill.enter("lines", len(lines) + broken)
        for line in lines:
            self.lines.add(line)
        if broken:
            raise ValueError(f"{broken} lines are no JSON objects; {len(lines)} were taken")

    def billed(self) -> dict[str, Any]:
        """Of the last second, since the start, and the series of the last scrapes."""
        names = ("exports", "bytes", "spans", "lines")
        last = self.bill.last()
        series = {name: self.scrapes.latest(name).series for name in self.scrapes.words}
        return {
            "last_second": {name: last[name] for name in names},
            "all": {name: self.bill.sums[name] for name in names},
            "series": series,
        }

    def ledger(self) -> dict[str, Any]:
        """For the exam."""
        kept = {"traces": len(self.traces), "lines": len(self.lines)}
        lost = {"doubled": self.traces.doubled, "dropped": self.traces.dropped + self.lines.dropped}
        words = {name: dict(words) for name, words in self.scrapes.words.items()}
        return {**kept, **lost, "broken": self.broken, **self.billed(), "scrapes": words, "behaved": self.shown()}


def unpacked(body: bytes) -> bytes:
    """A body that came as gzip; `_Bad` if it is none, or too large."""
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        text = unpack.decompress(body, MAX_BODY)
    except zlib.error:
        raise _Bad(400, "the body is no gzip") from None
    if unpack.unconsumed_tail:
        raise _Bad(413, f"at most {MAX_BODY} bytes, unpacked")
    return text
