"""One call on its way through the door."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from call_faults.wire import Exchange
from casebook.strict import clean
from common.guard import Refused

from casebook_door.door import MAX_BODY, MAX_SAID, Door, Passed
from casebook_door.rules import Rule
from casebook_door.upstream import Lost, Upstream

MOST_SENT = 2 << 20
HEAD_S = 60.0
"""How long a service may take until its answer begins; users have given up by then."""


async def passage(rule: Rule, door: Door, scope: Any, receive: Any, send: Any) -> None:
    """Hand a call on, and its answer back, as it comes. If the user leaves, so does the door."""
    exchange = Exchange(scope, receive, send)
    door.begins()
    call = _came(rule, scope, exchange)
    try:
        await _passed(rule, call, exchange, scope, receive, send)
    except asyncio.CancelledError:  # the server ends
        call.outcome = "left"
        exchange.abandon()
    finally:
        call.ended = time.time()
        door.ends(call)


async def _passed(rule: Rule, call: Passed, exchange: Exchange, scope: Any, receive: Any, send: Any) -> None:
    call.outcome = "left"
    try:
        body = await exchange.body(MOST_SENT)
    except Refused as error:
        call.outcome, call.status = "none", 413
        await exchange.reply(413, {"error": str(error)})
        return
    if exchange.left:
        return
    _begins(rule, call, body)
    try:
        path = rule.path(call.path)
        upstream = await Upstream.opened(rule.address, call.method, path, scope["headers"], body)
    except Lost as error:
        await _none(call, exchange, 502, error)
        return
    watch = asyncio.create_task(_until_gone(receive, upstream))
    try:
        await _answered(call, upstream, exchange, send)
    finally:
        watch.cancel()
        upstream.end()


async def _answered(call: Passed, upstream: Upstream, exchange: Exchange, send: Any) -> None:
    try:
        async with asyncio.timeout(HEAD_S):
            await upstream.head()
    except (Lost, TimeoutError) as error:
        late = isinstance(error, TimeoutError)
        await _none(call, exchange, *((504, f"no answer within {HEAD_S:g} s") if late else (502, error)))
        return
    call.answered = {name.decode("latin-1"): value.decode("latin-1") for name, value in upstream.headers}
    call.status, call.first = upstream.status, time.time()
    await send({"type": "http.response.start", "status": upstream.status, "headers": upstream.headers})
    try:
        async for part in upstream.parts():
            call.size += len(part)
            call.said = (call.said + part)[-MAX_SAID:]
            await send({"type": "http.response.body", "body": part, "more_body": True})
    except Lost:
        if not exchange.left:
            call.outcome = "cut"
            await exchange.close()
        return
    if exchange.left:
        return
    call.outcome = "whole"
    await send({"type": "http.response.body", "body": b""})


async def _none(call: Passed, exchange: Exchange, status: int, why: object) -> None:
    if exchange.left:
        return
    call.outcome, call.status = "none", status
    await exchange.reply(status, {"error": clean(why, 200)})


async def _until_gone(receive: Any, upstream: Upstream) -> None:
    """Hang up on the service when the user hangs up."""
    while (await receive())["type"] != "http.disconnect":
        pass
    upstream.end()


def _came(rule: Rule, scope: Any, exchange: Exchange) -> Passed:
    query = scope["query_string"].decode("latin-1")
    path = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
    asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Passed(
        about=asked.get(rule.by.lower(), "")[:200] if rule.by else "",
        id=exchange.header(b"x-request-id"),
        tenant=exchange.header(b"x-tenant"),
        method=scope["method"],
        path=path,
        asked=asked,
        body=b"",
        begun=time.time(),
    )


def _begins(rule: Rule, call: Passed, body: bytes) -> None:
    """The request is whole."""
    call.begun = time.time()
    call.body = body if len(body) <= MAX_BODY else b""
    if rule.by and not call.about:
        try:
            found = json.loads(call.body)
        except (ValueError, RecursionError):
            return
        said = found.get(rule.by) if isinstance(found, dict) else None
        call.about = clean(said, 200) if isinstance(said, str | int) else ""
