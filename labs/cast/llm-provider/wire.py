"""One HTTP exchange over ASGI, with what ASGI cannot do: end a connection early, by a reset or in mid-body."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from common.serve import Bounded

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]
CONNECTION = "brownout.connection"
JSON, EVENTS = "application/json", "text/event-stream; charset=utf-8"


class TooLarge(Exception):
    """The body is larger than allowed."""


class Protocol(Bounded):
    """Uvicorn's protocol, which also hands the connection to the application."""

    def on_message_begin(self) -> None:
        """Called by the parser when a request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: {"transport": self.transport}}


class Exchange:
    """One request, and the ways to answer it."""

    def __init__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self._query: bytes = scope["query_string"]
        self._transport: asyncio.Transport = scope["extensions"][CONNECTION]["transport"]
        self._receive = receive
        self._send = send
        self.sent = 0

    def header(self, name: bytes, most: int = 200) -> str:
        """A header's value, at most so many characters; empty if it was not sent."""
        return self.headers.get(name, b"").decode("latin-1").strip()[:most]

    def query(self, name: str) -> str:
        """A query parameter's last value, or empty."""
        return parse_qs(self._query.decode("latin-1"), max_num_fields=20).get(name, [""])[-1]

    @property
    def left(self) -> bool:
        """Whether the client has closed the connection."""
        return self._transport.is_closing()

    async def body(self, most: int) -> bytes:
        """The whole body.

        Raises:
            TooLarge: it has more than `most` bytes; the rest is not read.
        """
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > most:
                raise TooLarge(f"at most {most} bytes")
            if not message.get("more_body"):
                return b"".join(parts)

    async def start(self, status: int, kind: str, headers: dict[str, str], length: int | None = None) -> None:
        """Send status and headers; without a length the body is chunked."""
        raw = [(b"content-type", kind.encode())]
        raw += [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        if length is not None:
            raw.append((b"content-length", str(length).encode()))
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def write(self, body: bytes, *, more: bool) -> None:
        """Send a part of the body; the last one with `more` false."""
        self.sent += 1
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def reply(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        """Send a whole answer: bytes that are JSON, or a value to be written as JSON."""
        body = value if isinstance(value, bytes) else dump(value)
        await self.start(status, JSON, headers or {}, len(body))
        await self.write(body, more=False)

    async def reset(self) -> None:
        """End the connection at once with a TCP reset; what was sent before may be lost."""
        handle = self._transport.get_extra_info("socket")
        if handle is not None and not self._transport.is_closing():
            with socket.socket(fileno=os.dup(handle.fileno())) as own:
                own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()
        await self._gone()

    async def close(self) -> None:
        """End the connection after what was sent, however much of the answer is missing."""
        self._transport.close()
        await self._gone()

    def abandon(self) -> None:
        """End the connection at once, without waiting for that."""
        self._transport.abort()

    async def until_left(self, most_s: float) -> bool:
        """Wait until the client leaves, for so many seconds; whether it has left."""
        try:
            await asyncio.wait_for(self._gone(), most_s)
        except TimeoutError:
            return False
        return True

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


def dump(value: Any) -> bytes:
    """A value as compact JSON."""
    return json.dumps(value, separators=(",", ":")).encode()


def app(serve: Callable[[Exchange], Awaitable[None]]) -> App:
    """An ASGI application around a function that answers one exchange."""

    async def run(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive, send)
        try:
            await serve(exchange)
        except asyncio.CancelledError:  # the server ends: what is still at work gets no answer
            exchange.abandon()

    return run
