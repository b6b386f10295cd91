"""The pool's clock: the world's, or a virtual one whose days are short, and who is called at each midnight."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from casebook.client import ask

DAY_S = 86_400
SHORTEST_S, LONGEST_S = 0.5, 120.0
ANSWER_S = 5.0
MOST_NIGHTS = 1000


class Clock:
    """Tells the time, and calls `nightly` (a URL) at each midnight of a virtual clock with `{"date": "2026-03-02"}`.

    Attributes:
        nights: `{"date", "status", "seconds", "error"}` of each call that has ended.
    """

    def __init__(self, nightly: str = "") -> None:
        self._nightly = nightly
        self._begun: datetime | None = None
        self._set_at, self.day_s = 0.0, float(DAY_S)
        self._calls: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self.nights: list[dict[str, Any]] = []

    @property
    def virtual(self) -> bool:
        """Whether it was set."""
        return self._begun is not None

    def now(self) -> float:
        """Seconds since the epoch."""
        if self._begun is None:
            return time.time()
        return self._begun.timestamp() + (_mono() - self._set_at) * DAY_S / self.day_s

    def set(self, raw: Any) -> None:
        """Set it to `{"now": ISO time, UTC, "day_s": real seconds of a day}`. A midnight that is now is called, too.

        Raises:
            ValueError: it makes no sense; one sentence.
        """
        if not isinstance(raw, dict) or not raw.keys() <= {"now", "day_s"} or not isinstance(raw.get("now"), str):
            raise ValueError('a clock is {"now": "2026-03-02T00:00:00Z", "day_s": 20}')
        day_s = raw.get("day_s", DAY_S)
        if isinstance(day_s, bool) or not isinstance(day_s, int | float) or not _fits(day_s):
            raise ValueError(f"day_s must be {SHORTEST_S:g} to {LONGEST_S:g}, or {DAY_S}")
        begun = datetime.fromisoformat(raw["now"])
        if begun.tzinfo is not None and begun.utcoffset() != timedelta(0):
            raise ValueError("now must be a time in UTC")
        if not 1970 <= begun.year < 2200:
            raise ValueError("now must lie from 1970 to 2199")
        self._begun, self.day_s = begun.replace(tzinfo=UTC), float(day_s)
        self._set_at = _mono()
        self.end()
        self._loop = asyncio.create_task(self._watch(self._begun))

    def shown(self) -> dict[str, Any]:
        """As the control port tells it."""
        now = datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return {"now": now, "virtual": self.virtual, "day_s": self.day_s, "nights": self.nights}

    def end(self) -> None:
        """No midnight of the clock as it was set before comes any more; calls under way go on."""
        if self._loop is not None:
            self._loop.cancel()

    async def _watch(self, begun: datetime) -> None:
        night = begun.replace(hour=0, minute=0, second=0, microsecond=0)
        if night < begun:
            night += timedelta(days=1)
        while self._nightly:
            due_s = self._set_at + (night - begun) / timedelta(days=1) * self.day_s
            await asyncio.sleep(max(0.0, due_s - _mono()))
            call = asyncio.create_task(self._call(night.date().isoformat()))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
            night += timedelta(days=1)

    async def _call(self, date: str) -> None:
        url = urlsplit(self._nightly)
        reply = await ask(f"{url.scheme}://{url.netloc}", "POST", url.path or "/", {"date": date}, ANSWER_S)
        error = "" if reply.status else reply.error
        self.nights.append({"date": date, "status": reply.status, "seconds": round(reply.seconds, 3), "error": error})
        del self.nights[:-MOST_NIGHTS]


def _fits(day_s: float) -> bool:
    return day_s == DAY_S or SHORTEST_S <= day_s <= LONGEST_S


def _mono() -> float:
    return asyncio.get_running_loop().time()
