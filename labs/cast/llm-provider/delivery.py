"""Sending an answer at its pace, or spoiling it as a fault says. A call is entered just before its last byte goes."""

from __future__ import annotations

import asyncio

from apierror import rate_limited, server_error
from call import Call
from faults import Fault
from job import Work
from wire import EVENTS, JSON, Exchange

OUTAGE_STATUS = 503


async def fail(exchange: Exchange, call: Call, work: Work, fault: Fault | None) -> bool:
    """Act out a fault that leaves no answer at all; whether there was one.

    Raises:
        ApiError: the fault is an answer of the API's own (rate_limit, error).
    """
    if fault is None or fault.kind not in ("rate_limit", "error", "timeout"):
        return False
    call.refusal = fault.kind
    if fault.kind == "rate_limit":
        message = f"Rate limit reached for requests. Please try again in {fault.retry_after_s:g}s."
        raise rate_limited(message, "requests", fault.retry_after_s)
    if fault.kind == "error":
        await asyncio.sleep(work.first_s)
        raise server_error(fault.status)
    left = await exchange.until_left(fault.hold_s)
    call.finish(0, "timeout")
    if not left:
        await exchange.close()
    return True


async def break_down(exchange: Exchange, call: Call, fault: Fault) -> None:
    """An outage: a reset connection, or 503 at once.

    Raises:
        ApiError: 503.
    """
    call.refusal = "outage"
    if fault.look == "503":
        raise server_error(OUTAGE_STATUS)
    call.finish(0, "outage")
    await exchange.reset()


async def whole(exchange: Exchange, call: Call, work: Work, fault: Fault | None, headers: dict[str, str]) -> None:
    """Send an answer in one piece, after its whole latency."""
    await asyncio.sleep(work.drawn_s)
    kind = fault.kind if fault else "answered"
    if exchange.left:
        call.finish(0, "left")
    elif fault is None or (fault.kind == "truncated" and fault.how == "length" and work.tokens_out):
        call.finish(200, kind)
        await exchange.reply(200, work.body, {**call.headers(), **headers})
    elif fault.kind == "malformed":
        call.finish(200, kind)
        await exchange.reply(200, work.body[: len(work.body) * 2 // 3], {**call.headers(), **headers})
    elif fault.kind == "drop" and fault.at == "start":
        call.finish(0, kind)
        await exchange.close()
    else:
        call.finish(200, kind)
        await exchange.start(200, JSON, {**call.headers(), **headers}, len(work.body))
        await exchange.write(work.body[: len(work.body) // 2], more=True)
        await exchange.close()


async def stream(exchange: Exchange, call: Call, work: Work, fault: Fault | None, headers: dict[str, str]) -> None:
    """Send an answer as server-sent events: the first after `first_s`, the rest spread over `rest_s`."""
    await asyncio.sleep(work.first_s)
    kind = fault.kind if fault else "answered"
    if fault and kind == "drop" and fault.at == "start":
        call.finish(0, kind)
        await exchange.close()
        return
    spoilt = fault is not None and not (kind == "truncated" and fault.how == "length")
    events = list(work.events[: len(work.events) // 2] if spoilt else work.events)
    if kind == "malformed":
        events.append(work.events[len(events)][:40] + b"\n\n")
    await exchange.start(200, EVENTS, {**call.headers(), "cache-control": "no-cache", **headers})
    if not await _paced(exchange, events[:-1], work):
        call.finish(200, "left", _written(work, exchange.sent))
        return
    call.finish(200, kind)
    await exchange.write(events[-1], more=kind == "drop")
    if kind == "drop":
        await exchange.close()


async def _paced(exchange: Exchange, events: list[bytes], work: Work) -> bool:
    """Send all but the last event; False if the client leaves on the way."""
    pause = work.rest_s / max(1, _contents(work) - 1)
    for n, event in enumerate(events):
        if 2 <= n <= _contents(work):
            await asyncio.sleep(pause)
        if exchange.left:
            return False
        await exchange.write(event, more=True)
    return not exchange.left


def _contents(work: Work) -> int:
    """How many of a stream's events carry tokens."""
    return sum(b'"delta":{"content":' in event for event in work.events)


def _written(work: Work, sent: int) -> int:
    """Tokens in the first `sent` events, if each of those with tokens has the same share."""
    contents = _contents(work)
    return min(work.tokens_out, -(-work.tokens_out * max(0, min(sent - 1, contents)) // max(1, contents)))
