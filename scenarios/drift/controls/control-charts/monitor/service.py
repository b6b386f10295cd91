"""Takes notices, keeps each stream's days in order, and remembers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from model import DayFacts, Notice, Verdict
from policy import decide
from profile_ import Profile
from settings import Settings
from store import Store
from warehouse import Missing, Unavailable, Warehouse

log = logging.getLogger("monitor")


@dataclass
class Stream:
    reference: str
    profile: Profile
    days: dict[str, DayFacts]


class Service:
    def __init__(self, settings: Settings, warehouse: Warehouse, store: Store) -> None:
        self._settings, self._warehouse, self._store = settings, warehouse, store
        self._streams: OrderedDict[str, Stream] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._pool = ThreadPoolExecutor(2, "judge")  # one more would only fight for the interpreter
        self._last: OrderedDict[str, tuple[str, str, str | None, str]] = OrderedDict()
        self.counts: dict[str, int] = {"ok": 0, "broken": 0, "drift": 0, "concept": 0, "failed": 0}

    async def judge(self, notice: Notice) -> Verdict:
        """Verdicts of a stream are given one after the other. A day that was judged before gets the same one again."""
        deadline = time.monotonic() + self._settings.answer_within_s
        lock = self._locks.setdefault(notice.stream, asyncio.Lock())
        async with lock:
            try:
                verdict = await self._judge(notice, deadline)
            except (Unavailable, Missing):
                self.counts["failed"] += 1
                raise
        self.counts[verdict.word] += 1
        self._last[notice.stream] = (notice.date, verdict.word, verdict.column, verdict.reason)
        self._last.move_to_end(notice.stream)
        while len(self._last) > 2000:
            self._last.popitem(last=False)
        if verdict.word != "ok":
            log.info("%s %s %s: %s %s (%s)", notice.date, notice.domain, notice.stream, verdict.word, verdict.column or "", verdict.reason)
        return verdict

    async def _judge(self, notice: Notice, deadline: float) -> Verdict:
        stream = self._streams.get(notice.stream)
        if stream and stream.reference == notice.reference:
            known = stream.days.get(notice.date)
            if known and known.batch == notice.batch:
                return known.verdict
        await self._run(self._store.received, notice)
        # Both tables at once: a stream's first day should not take twice as long.
        batch = asyncio.ensure_future(self._warehouse.get(notice.batch, deadline))
        try:
            stream = await self._stream(notice, deadline)
            known = stream.days.get(notice.date)
            if known and known.batch == notice.batch:
                return known.verdict
            await self._catch_up(stream, notice, deadline)
            return await self._run(self._conclude, stream, notice, await batch)
        finally:
            if not batch.done():
                batch.cancel()
            await asyncio.gather(batch, return_exceptions=True)

    async def _catch_up(self, stream: Stream, notice: Notice, deadline: float) -> None:
        """Days that were announced and never judged still count for those after them, but must not delay today's verdict."""
        missed = await self._run(
            self._store.unjudged, notice.stream, notice.reference, notice.date, self._settings.catch_up
        )
        for old in missed:
            soon = min(deadline - 1.0, time.monotonic() + 0.7)
            try:
                batch = await self._warehouse.get(old.batch, soon)
            except (Unavailable, Missing) as error:
                log.warning("%s %s stays unjudged: %s", old.stream, old.date, error)
                continue
            verdict = await self._run(self._conclude, stream, old, batch)
            log.info("%s %s: caught up, %s", old.stream, old.date, verdict.word)

    def _conclude(self, stream: Stream, notice: Notice, batch: dict[str, Any]) -> Verdict:
        facts = stream.profile.facts(notice, batch)
        before = [day for date, day in sorted(stream.days.items()) if date < notice.date]
        facts.verdict = decide(stream.profile, before, facts, self._settings)
        self._store.judged(notice, facts)
        days = sorted({**stream.days, notice.date: facts}.items())
        stream.days = dict(days[-self._settings.kept_days :])
        return facts.verdict

    async def _stream(self, notice: Notice, deadline: float) -> Stream:
        stream = self._streams.get(notice.stream)
        if stream is None or stream.reference != notice.reference:
            reference = await self._warehouse.get(notice.reference, deadline)
            stream = await self._run(self._build, notice, reference)
            self._streams[notice.stream] = stream
            while len(self._streams) > self._settings.cached_streams:
                self._streams.popitem(last=False)
        self._streams.move_to_end(notice.stream)
        return stream

    def _build(self, notice: Notice, reference: dict[str, Any]) -> Stream:
        profile = Profile(reference, self._settings)
        days = self._store.judged_days(notice.stream, notice.reference, self._settings.kept_days)
        return Stream(notice.reference, profile, days)

    async def _run(self, call: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call, *arguments)

    def overview(self) -> dict[str, tuple[str, str, str | None, str]]:
        return dict(self._last)

    async def close(self) -> None:
        await self._warehouse.close()
        self._pool.shutdown(wait=True)
        self._store.close()
