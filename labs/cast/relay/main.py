"""A relay: hands requests to a service in order, one at a time for each value of a field. See README.md.

Environment: LISTEN (host:port), TO (the service's URL), KEY (name of the field in the JSON body), LANE (name of a
header that goes before the field where it is sent, and is not passed on; may be unset).
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from common.serve import serve

App = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]
Reply = tuple[int, str, bytes]

MAX_BODY = 1 << 20
CONNECTIONS = 256
TIMEOUT_S = 10.0
JSON = "application/json"


class Relay:
    """The way to one service."""

    def __init__(self, to: str, key: str, lane: str = "") -> None:
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self._client = httpx.AsyncClient(base_url=to, timeout=TIMEOUT_S, limits=limits, trust_env=False)
        self._key = key
        self._lane = lane.lower().encode("latin-1")
        self._turns: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def serve(self, method: str, path: str, headers: dict[bytes, bytes], body: bytes) -> Reply:
        """The service's own answer; 502 where it gives none, 504 where it takes too long."""
        if path == "/relay/healthz":
            return 200, JSON, b'{"status":"ok"}'
        turn = self._turn(headers, body) if method == "POST" else None
        if turn is None:
            return await self._ask(method, path, body)
        async with self._turns[turn]:
            return await self._ask(method, path, body)

    def _turn(self, headers: dict[bytes, bytes], body: bytes) -> tuple[str, str] | None:
        """What a request is kept in order by: its lane, else the field; None where it has neither."""
        if self._lane and self._lane in headers:
            return "lane", headers[self._lane].decode("latin-1")
        try:
            return "field", str(json.loads(body)[self._key])
        except (ValueError, LookupError, TypeError):
            return None

    async def _ask(self, method: str, path: str, body: bytes) -> Reply:
        headers = {"accept-encoding": "identity", **({"content-type": JSON} if body else {})}
        try:
            async with self._client.stream(method, path, content=body, headers=headers) as answer:
                whole = await _capped(answer)
        except httpx.TimeoutException:
            return 504, JSON, b'{"error":"no answer in time"}'
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return 502, JSON, b'{"error":"no answer"}'
        return answer.status_code, answer.headers.get("content-type", JSON), whole


async def _capped(answer: httpx.Response) -> bytes:
    """The body of an answer, as it was sent: what is packed may be a thousand times as large.

    Raises:
        ValueError: it is packed, or larger than MAX_BODY.
    """
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise ValueError("packed, and nobody asked for that")
    whole = b""
    async for part in answer.aiter_raw():
        whole += part
        if len(whole) > MAX_BODY:
            raise ValueError(f"more than {MAX_BODY} bytes")
    return whole


def app(relay: Relay) -> App:
    """The relay as an ASGI application."""

    async def run(
        scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        body, more = b"", True
        while more and len(body) <= MAX_BODY:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            status, kind, payload = 413, JSON, b'{"error":"too large"}'
        else:
            query = scope["query_string"].decode("latin-1")
            path = scope["path"] + (f"?{query}" if query else "")
            status, kind, payload = await relay.serve(scope["method"], path, dict(scope["headers"]), body)
        headers = [(b"content-type", kind.encode("latin-1")), (b"content-length", str(len(payload)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    return run


def main() -> None:
    """Relay until a signal."""
    relay = Relay(os.environ["TO"], os.environ["KEY"], os.environ.get("LANE", ""))
    serve({os.environ["LISTEN"]: app(relay)})


if __name__ == "__main__":
    main()
