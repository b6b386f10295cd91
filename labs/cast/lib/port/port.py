"""A port whose calls take time, and who spent how much of it there."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any

from casebook.calls import MAX_BODY, Call, router
from common.guard import Refused, answer, read_body
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Router

from port.costs import CONNECTION, REFUSED, Cost, Part, Spent, divided, totals

Handler = Callable[[Call, "Visit"], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
KNOWN: set[tuple[object, object]] = set()
"""Connections that were paid for, by both ends: whoever keeps one keeps it through laps of a season."""


class Visit:
    """A call that is under way, for its handler. `caller`: whose it is."""

    def __init__(self, cost: Cost, spent: Spent) -> None:
        self.caller = spent.caller
        self._cost, self._spent = cost, spent

    async def spend(self, rows: int = 0, counts: Mapping[str, int] | None = None, **more: float) -> None:
        """Let pass what the call takes: its own seconds, those of its rows, and `more` seconds by their kinds. `counts`
        are further figures for `/stats`. It goes on to its end when the caller leaves."""
        seconds, begun = self._cost.of(rows, more), time.monotonic()
        self._spent.rows, self._spent.counts = rows, dict(counts or {})
        await asyncio.sleep(sum(seconds.values()))
        self._spent.parts += divided(begun, time.monotonic(), seconds)


class Port:
    """An application for `common.serve`.

    Args:
        routes: as of a world, `{"POST /things": handler}`; a handler is a coroutine function, gets a `Call` and its
            `Visit`, and awaits `visit.spend(...)` before it answers. Errors are answered as those of a world's routes.
        cost: of a call.
        by: the header that says whose a call is; without it all are one caller's.
        most: calls of one caller that may be under way; each further one is answered with 429 at once. 0: any.
        refused: told whose call was refused.

    Attributes:
        calls: all that came, refused ones too, in the order of coming.
    """

    def __init__(
        self,
        routes: Mapping[str, Handler],
        cost: Cost,
        *,
        by: str = "",
        most: int = 0,
        refused: Callable[[str], None] = lambda caller: None,
    ) -> None:
        self.cost, self.most = cost, most
        self.calls: list[Spent] = []
        self._by, self._told = by.lower(), refused
        self._open: Counter[str] = Counter()
        self._visit: ContextVar[Visit] = ContextVar("visit")
        self._router: Router = router({name: self._visited(handler) for name, handler in routes.items()})

    def stats(self) -> dict[str, Any]:
        """Of each caller what it did here: calls, rows, connections, refused, counts of handlers, busy seconds."""
        mine: dict[str, list[Spent]] = {}
        for call in self.calls:
            mine.setdefault(call.caller, []).append(call)
        return {caller: totals(calls) for caller, calls in mine.items()}

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Called by the server."""
        if scope["path"] in ("/healthz", "/stats"):
            await answer(self.stats() if scope["path"] == "/stats" else {"status": "ok"})(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        caller = headers.get(self._by, "")
        if self._by and not caller:
            await answer({"error": f"say whose call this is: header {self._by}"}, 422)(scope, receive, send)
            return
        spent = Spent(caller, time.monotonic())
        self.calls.append(spent)
        if self.most and self._open[caller] >= self.most:
            spent.status = REFUSED
            self._told(caller)
            said = answer({"error": f"at most {self.most} calls at a time"}, REFUSED)
            said.headers["retry-after"] = "0"
            await said(scope, receive, send)
            return
        self._open[caller] += 1
        try:
            await self._pass(scope, receive, send, spent)
        finally:
            self._open[caller] -= 1

    async def _pass(self, scope: Any, receive: Any, send: Send, spent: Spent) -> None:
        try:
            body = await read_body(Request(scope, receive), MAX_BODY)  # first, for who leaves later has still asked
        except Refused as error:
            spent.status = 413
            await answer({"error": str(error)}, 413)(scope, receive, send)
            return
        except ClientDisconnect:
            return
        ends = _address(scope.get("server")), _address(scope.get("client"))
        if ends not in KNOWN:
            KNOWN.add(ends)
            await asyncio.sleep(self.cost.connection_s)
            spent.parts.append(Part(CONNECTION, spent.begun, time.monotonic()))
        self._visit.set(Visit(self.cost, spent))

        async def again() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                spent.status = int(message["status"])
            await send(message)

        await self._router(scope, again, sent)

    def _visited(self, handler: Handler) -> Callable[[Call], Awaitable[Any]]:
        async def handled(call: Call) -> Any:
            return await handler(call, self._visit.get())

        return handled


def _address(end: Any) -> object:
    return tuple(end) if end else None
