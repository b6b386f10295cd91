"""The ports of partners, one each, and the exam's."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

from call_faults.wire import Exchange
from common.guard import Guard, Refused, answer, read_body
from starlette.requests import Request
from starlette.routing import Route, Router

from partner_ports.house import Desk, House
from partner_ports.queues import Queue
from partner_ports.work import Work

PULSE_S = 0.01
MAX_PLAN = 1 << 20


class Public:
    """A partner's port. Called by the server."""

    def __init__(self, house: House, desk: Desk, guard: Guard) -> None:
        self._house, self._desk, self._guard = house, desk, guard

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """A request. `/healthz`, `/pulse` and `/stats` meet no fault, take no slot and count for nothing."""
        if scope["method"] == "GET" and scope["path"] in ("/healthz", "/pulse", "/stats"):
            await asyncio.sleep(PULSE_S if scope["path"] == "/pulse" else 0)
            what = self._house.stats(self._desk.partner.name) if scope["path"] == "/stats" else {"status": "ok"}
            await answer(what)(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send)
        probe = self._guard.knows(exchange.header(b"x-probe", 200))
        await Work(self._house, self._desk, exchange, scope, probe=probe)()


def control(house: House, guard: Guard) -> Router:
    """The exam's port: /plan, /faults, /ledger, /entries; and /healthz, for which nobody needs a token."""
    ledger = _Ledger(house)

    async def plan(request: Request) -> Any:
        raw = await read_body(request, MAX_PLAN)
        house.plan(_object(raw), hashlib.sha256(raw).hexdigest())
        return {"plan": house.planned}

    async def faults(request: Request) -> Any:
        if request.method == "POST":
            house.order(_object(await read_body(request, MAX_PLAN)))
        return house.shown()

    async def healthy(_: Request) -> Any:
        return answer({"status": "ok"})

    made = {
        "/plan": (plan, ["POST"]),
        "/faults": (faults, ["GET", "POST"]),
        "/ledger": (ledger.sums, ["GET"]),
        "/ledger/calls": (ledger.calls, ["GET"]),
        "/ledger/messages/{queue}": (ledger.messages, ["GET"]),
        "/entries/{key:path}": (ledger.entries, ["GET"]),
    }
    routes = [Route(path, guard(handler), methods=methods) for path, (handler, methods) in made.items()]
    return Router([*routes, Route("/healthz", healthy)])


class _Ledger:
    """What is read of a house."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def sums(self, _: Request) -> Any:
        return self._house.ledger()

    async def calls(self, request: Request) -> Any:
        found = self._house.books.page(_since(request))
        for row in found["calls"]:
            row["port"] = row.pop("model")
            del row["version"], row["credits"], row["items"]
        return found

    async def messages(self, request: Request) -> Any:
        desk = self._house.desks.get(request.path_params["queue"])
        if desk is None or not isinstance(desk.kind, Queue):
            return answer({"error": "there is no such queue"}, 404)
        return desk.kind.page(_since(request))

    async def entries(self, request: Request) -> Any:
        return self._house.entries(request.path_params["key"])


def _since(request: Request) -> int:
    since = request.query_params.get("since", "0")
    if not (since.isascii() and since.isdecimal()) or len(since) > 15:
        raise Refused("since must be a whole number, a seq of the ledger")
    return int(since)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refused(f"no JSON: {error}") from None
    if not isinstance(found, dict):
        raise Refused("a JSON object is expected")
    return found
