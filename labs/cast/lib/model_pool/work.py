"""One call of a model, from its arrival to its end: faults, a slot, the work, a receipt, the answer."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from call_faults.vocabulary import Called, Fate
from call_faults.wire import Exchange, dumped, retry_after
from call_receipts import issue
from casebook import strict
from casebook.calls import MISUNDERSTOOD, Absent
from common.guard import Refused

from model_pool.books import Entry
from model_pool.plugin import Given
from model_pool.pool import Pool, Served
from model_pool.slots import Full, Slots

MAX_BODY = 1 << 20
KINDS = ("slow", "timeout", "error", "rate_limit", "drop", "malformed", "truncated", "outage")
ENDPOINTS = ("score", "batch")


class _Over(Exception):
    """The call ends before there is an answer of the model's."""

    def __init__(self, status: int, why: str, retry_s: float = 0.0) -> None:
        super().__init__(why)
        self.status, self.retry_s = status, retry_s


class Work:
    """A call to `score` or `batch` of a model."""

    def __init__(self, pool: Pool, served: Served, endpoint: str, exchange: Exchange, *, probe: bool) -> None:
        self._pool, self._served, self._exchange = pool, served, exchange
        name, id = served.model.name, exchange.header(b"x-request-id")
        self._called = Called(
            name, name, endpoint, exchange.header(b"x-tenant"), id, pool.books.attempt(name, id) if id else 1
        )
        trace, span = _traced(exchange.header(b"traceparent"))
        self._entry: Entry = pool.books.begin(
            model=name, endpoint=endpoint, id=id, attempt=self._called.attempt, tenant=self._called.tenant,
            trace=trace, span=span, probe=probe, begun=time.time(),
        )  # fmt: skip
        if not id:  # each call has a fate of its own, and the same in every run
            self._called = self._called._replace(id=f"-{self._entry.seq}")

    async def __call__(self) -> None:
        """Do it, and enter it. The work goes on to its end when the caller leaves."""
        outcome = "left"
        try:
            outcome = await self._done()
        except _Over as error:
            outcome = "refused"
            again = retry_after(error.retry_s) if error.retry_s else {}
            await self._exchange.reply(error.status, {"error": str(error)}, again)
        except asyncio.CancelledError:  # the server ends
            self._exchange.abandon()
        finally:
            self._pool.books.end(self._entry, outcome, self._exchange.status, time.time())

    async def _done(self) -> str:
        items = await self._items()
        fate = self._fate()
        if ends := fate.ends_by("rate_limit", "outage"):
            self._hit(fate)
            await self._exchange.refuse(ends)
            return ends.kind
        if self._entry.probe:
            return await self._worked(items)
        slots, seconds = self._place()
        try:
            held = await slots.take(seconds)
        except Full as error:
            raise _Over(error.status, str(error), error.retry_s) from None
        self._entry.waited = held.waited
        try:
            return await self._worked(items, slots, held)
        finally:
            slots.give(held)

    async def _worked(self, items: list[Any], slots: Slots | None = None, held: Any = None) -> str:
        """What is done on the slot, which is free again before the answer goes."""
        fate = self._fate()  # as it is now: faults act on what works, not on what waits
        self._hit(fate)
        self._entry.version = self._served.version
        if ends := fate.ends_by("rate_limit", "outage"):
            await self._exchange.refuse(ends)
            return ends.kind
        if ends := fate.ends_by("timeout"):
            await self._exchange.hang(ends)
            return ends.kind
        answers = self._answered(items, fate)
        await asyncio.sleep(self._place()[1] * fate.factor + fate.add_s)
        if slots is not None:
            slots.give(held)
        if ends := fate.ends_by("error"):
            await self._exchange.reply(ends.status, {"error": "the model failed"})
            return ends.kind
        self._pool.books.bill(self._entry, self._price())
        return await self._sent(items, answers, fate)

    async def _sent(self, items: list[Any], answers: list[dict[str, Any]], fate: Fate) -> str:
        rows = [self._signed(item, answer) for item, answer in zip(items, answers, strict=True)]
        body = dumped({"items": rows} if self._called.endpoint == "batch" else rows[0] if rows else {"probe": True})
        if self._exchange.left:
            return "left"
        if fate.ends:
            await self._exchange.spoil(fate.ends, 200, body)
            return fate.ends.kind
        await self._exchange.reply(200, body)
        if not self._entry.probe:
            self._tell(items, answers)
        return "answered"

    async def _items(self) -> list[Any]:
        try:
            raw = await self._exchange.body(MAX_BODY)
        except Refused as error:
            raise _Over(413, str(error)) from None
        if self._entry.probe and not raw:
            return []
        try:
            found = strict.loads(raw)
        except ValueError as error:
            raise _Over(422, strict.clean(error, 200)) from None
        items, most = [found], self._served.model.batch_most
        if self._called.endpoint == "batch":
            items = found.get("items") if isinstance(found, dict) else None  # type: ignore[assignment]
            if not isinstance(items, list) or not 1 <= len(items) <= most:
                raise _Over(422, f"a batch is a JSON object with items, a list of 1 to {most} objects")
        if not all(isinstance(item, dict) for item in items):
            raise _Over(422, "a JSON object is expected")
        self._entry.items = len(items)
        return items

    def _answered(self, items: list[Any], fate: Fate) -> list[dict[str, Any]]:
        now, served = self._pool.clock.now(), self._served
        answers: list[dict[str, Any]] = []
        for number, item in enumerate(items):
            where = f"items[{number}]: " if self._called.endpoint == "batch" else ""
            try:
                answers.append(self._pool.plugin.answer(served.model.name, served.version, item, now, fate.acting))
            except Absent as error:
                raise _Over(404, where + strict.clean(error, 200)) from None
            except (ValueError, *MISUNDERSTOOD) as error:
                raise _Over(422, where + strict.clean(error, 200)) from None
        return answers

    def _signed(self, item: Any, answer: dict[str, Any]) -> dict[str, Any]:
        subject, covered = self._pool.plugin.covers(item, answer)
        who, version, now_ms = self._served.model.name, self._entry.version, int(time.time() * 1000)
        return {
            **answer,
            "receipt": issue(self._pool.key, subject, covered, who=who, version=version, issued_ms=now_ms),
        }

    def _tell(self, items: list[Any], answers: list[dict[str, Any]]) -> None:
        known, now = self._entry, self._pool.clock.now()
        for item, answer in zip(items, answers, strict=True):
            self._pool.plugin.given(Given(known.id, known.tenant, known.model, known.version, item, answer, now))

    def _fate(self) -> Fate:
        return self._pool.faults.fate(self._called, probe=self._entry.probe)

    def _hit(self, fate: Fate) -> None:
        self._entry.faults = fate.kinds
        self._pool.faults.count(fate.kinds, probe=self._entry.probe)

    def _place(self) -> tuple[Slots, float]:
        """Where it works, and how long that takes if nothing goes wrong (s)."""
        model, batch = self._served.model, self._called.endpoint == "batch"
        return (self._served.batches, model.batch_s) if batch else (self._served.slots, model.seconds)

    def _price(self) -> float:
        """Credits."""
        model = self._served.model
        return model.batch_price * self._entry.items if self._called.endpoint == "batch" else model.price


def _traced(header: str) -> tuple[str, str]:
    """Trace id and span id of a `traceparent`; empty if it has another form."""
    parts = header.split("-")
    return (parts[1], parts[2]) if len(parts) == 4 and len(parts[1]) == 32 and len(parts[2]) == 16 else ("", "")
