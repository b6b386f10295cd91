"""One call of a partner, from its arrival to its end: faults, a slot, the seconds, what is asked, the answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from call_faults.vocabulary import Called, Fate
from call_faults.wire import Exchange, dumped
from casebook import strict
from common.guard import Refused
from model_pool.books import Entry

from partner_ports.house import CONFLICT, Desk, House
from partner_ports.settings import BOOK, QUEUE
from partner_ports.tasks import Answer, Asked, Fated, Refusal, Task

MAX_BODY = 1 << 20
AT_THE_DOOR = ("rate_limit", "outage")
AT_WORK = ("slow", "timeout", "error", "hold", CONFLICT)
OF_THE_ANSWER = ("drop", "malformed", "truncated")


class _Ended(Exception):
    """The call ends before anything is done. `outcome`: the fault that decided; `answer`: what is sent, if anything."""

    def __init__(self, outcome: str, answer: Answer | None = None) -> None:
        super().__init__(outcome)
        self.outcome, self.answer = outcome, answer


class Work:
    """A call."""

    def __init__(self, house: House, desk: Desk, exchange: Exchange, scope: Any, *, probe: bool) -> None:
        self._house, self._desk, self._exchange, self._scope = house, desk, exchange, scope
        self._name, self._probe = desk.partner.name, probe
        self._id, self._tenant = exchange.header(b"x-request-id"), exchange.header(b"x-tenant")
        self._trace, self._span = traced(exchange.header(b"traceparent"))
        self._begun = time.time()
        self._rows: list[Entry] = []
        self._items: list[Called] = []
        self._called: Called | None = None

    async def __call__(self) -> None:
        """Do it, and enter it. What was taken is carried out, also if the caller is gone."""
        outcome = "left"
        try:
            outcome = await self._done()
        except _Ended as ended:
            outcome = ended.outcome
            if ended.answer:
                await self._say(ended.answer)
        except Refusal as error:
            outcome = "refused"
            await self._say(Answer(error.status, {"error": strict.clean(error, 200)}))
        except asyncio.CancelledError:  # the server ends
            self._exchange.abandon()
        finally:
            for row in self._rows or [self._row("", self._id, self._tenant)]:
                self._house.books.end(row, row.outcome or outcome, row.status or self._exchange.status, time.time())

    async def _done(self) -> str:
        task = await self._task()
        self._enter(task)
        if ends := self._fate(AT_THE_DOOR).ends_by(*AT_THE_DOOR):
            await self._exchange.refuse(ends)
            return ends.kind
        answer = await (task.once(lambda: self._worked(task)) if task.once else self._worked(task))
        if self._exchange.left:
            return "left"
        if ends := self._fate(OF_THE_ANSWER).ends_by(*OF_THE_ANSWER):
            await self._exchange.spoil(ends, answer.status, dumped(answer.what))
            return ends.kind
        await self._say(answer)
        return "answered"

    async def _worked(self, task: Task) -> Answer:
        """A slot, the seconds, and what is asked; `_Ended` where a fault comes before that."""
        held = None if self._probe else await self._desk.slots.take(self._desk.seconds)
        for row in self._rows:
            row.waited = held.waited if held else 0.0
        try:
            fate = self._fate(AT_WORK)
            if ends := fate.ends_by("timeout"):
                await self._exchange.hang(ends)
                raise _Ended("timeout")
            await asyncio.sleep(self._desk.seconds * fate.factor + fate.add_s)
        finally:
            if held is not None:
                self._desk.slots.give(held)
        if ends := fate.ends_by("error"):
            raise _Ended("error", Answer(ends.status, {"error": "failed"}))
        if CONFLICT in fate.acting:
            raise _Ended(CONFLICT, Answer(409, {"error": "conflict"}))
        hold = fate.ends_by("hold")
        return await task.do(Fated(hold.add_s if hold else 0.0, dict(self._failed())))

    async def _task(self) -> Task:
        try:
            body = await self._exchange.body(MAX_BODY)
        except Refused as error:
            raise Refusal(413, str(error)) from None
        if len(body) < int(self._exchange.header(b"content-length") or 0):
            raise _Ended("left")
        method, path = self._scope["method"], self._scope["path"].strip("/")
        if self._probe:
            return Task(_endpoint(self._desk.partner.kind, method, path), _nothing)
        try:
            found = strict.loads(body) if body else None
        except ValueError as error:
            raise Refusal(422, strict.clean(error, 200)) from None
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self._exchange.headers.items()}
        query = dict(parse_qsl(self._scope["query_string"].decode("latin-1")))
        return self._desk.kind.task(Asked(method, path, query, headers, found, lambda: self._exchange.left))

    def _enter(self, task: Task) -> None:
        """Rows of the ledger: one, or one for each item of a batch; and the call as faults see it."""
        for item in task.items:
            row = self._row(task.endpoint, item.id, item.tenant or self._tenant)
            self._items.append(Called(self._name, self._name, task.endpoint, row.tenant, item.id, row.attempt))
            self._rows.append(row)
        if task.items:
            id, attempt = self._id, self._house.books.attempt(self._name, self._id) if self._id else 1
        else:
            row = self._row(task.endpoint, self._id or task.id, self._tenant)
            id, attempt = row.id, row.attempt
            self._rows.append(row)
        id = id or f"-{self._rows[0].seq}"  # each call has a fate of its own, and the same in every run
        self._called = Called(self._name, self._name, task.endpoint, self._tenant, id, attempt)

    def _row(self, endpoint: str, id: str, tenant: str) -> Entry:
        return self._house.books.begin(
            model=self._name, endpoint=endpoint, id=id, tenant=tenant, trace=self._trace, span=self._span,
            attempt=self._house.books.attempt(self._name, id) if id else 1, probe=self._probe, begun=self._begun,
        )  # fmt: skip

    def _fate(self, kinds: tuple[str, ...]) -> Fate:
        """What the faults that act now do to the call at this stage, of which these are; it is written down."""
        assert self._called is not None
        fate = self._house.fate(self._called, probe=self._probe, batch=bool(self._items))
        hit = tuple(kind for kind in fate.kinds if kind in kinds)
        for row in self._rows:
            row.faults = (*row.faults, *hit)
        self._house.count(self._name, hit, probe=self._probe)
        return fate

    def _failed(self) -> Iterator[tuple[int, int]]:
        """Items of a batch that fail, by number, and their status; each one's row says so."""
        for number, (called, row) in enumerate(zip(self._items, self._rows, strict=False)):
            if found := self._house.failed(called):
                row.outcome, row.status = found
                row.faults = (*row.faults, found[0])
                self._house.count(self._name, found[:1])
                yield number, found[1]

    async def _say(self, answer: Answer) -> None:
        """Send it, unless the caller has left."""
        if not self._exchange.left:
            await self._exchange.reply(answer.status, answer.what)


def traced(header: str) -> tuple[str, str]:
    """Trace id and span id of a `traceparent`; empty if it has another form."""
    parts = header.split("-")
    return (parts[1], parts[2]) if len(parts) == 4 and len(parts[1]) == 32 and len(parts[2]) == 16 else ("", "")


def _endpoint(kind: str, method: str, path: str) -> str:
    """Which endpoint a probe asks; what it would need to name there it need not name."""
    if kind == QUEUE:
        return {"POST": "put", "GET": "get", "DELETE": "delete"}.get(method, "")
    if kind == BOOK and method == "POST":
        return "void" if path.endswith("/void") else "make"
    if kind == BOOK:
        return "free" if "/free" in path else "find"
    return path


async def _nothing(_: Fated) -> Answer:
    return Answer(200, {"probe": True})
