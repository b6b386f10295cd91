"""One HTTP exchange over ASGI, with what ASGI cannot do: end a connection by a reset, or in mid-body.

Serve with `serve(ports, **AS)`, or an exchange has no connection to end.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from common.guard import Refused
from common.serve import Bounded

from call_faults.vocabulary import Fault

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
CONNECTION = "brownout.connection"
JSON = "application/json"
OUTAGE_STATUS = 503


class Protocol(Bounded):
    """The sealed parts' protocol, which also hands the connection to the application."""

    def on_message_begin(self) -> None:
        """Called by the parser when a request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: {"transport": self.transport}}


AS: Mapping[str, Any] = {"http": Protocol, "interface": "asgi3", "proxy_headers": False, "server_header": False}
"""For `common.serve`: with which protocol."""


class Exchange:
    """One request, and the ways to answer it. `status`: of what was sent; 0 while nothing was."""

    def __init__(self, scope: Any, receive: Receive, send: Send) -> None:
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self._transport: asyncio.Transport = scope["extensions"][CONNECTION]["transport"]
        self._receive, self._send = receive, send
        self.status = 0

    def header(self, name: bytes, most: int = 80) -> str:
        """A header's value, at most so many characters; empty if it was not sent."""
        return self.headers.get(name, b"").decode("latin-1").strip()[:most]

    @property
    def left(self) -> bool:
        """Whether the caller has closed the connection."""
        return self._transport.is_closing()

    async def body(self, most: int) -> bytes:
        """The whole body.

        Raises:
            Refused: it has more than `most` bytes; the rest is not read.
        """
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > most:
                raise Refused(f"at most {most} bytes")
            if not message.get("more_body"):
                return b"".join(parts)

    async def reply(self, status: int, what: Any, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer: bytes that are JSON, or a value to be written as JSON."""
        body = what if isinstance(what, bytes) else dumped(what)
        await self._start(status, len(body), headers or {})
        await self._send({"type": "http.response.body", "body": body})

    async def refuse(self, fault: Fault) -> bool:
        """Act out what is refused before any work: `rate_limit` and `outage`. False if it was a reset."""
        if fault.kind == "rate_limit":
            await self.reply(429, {"error": "too many requests"}, retry_after(fault.retry_after_s))
        elif fault.look == "503":
            await self.reply(OUTAGE_STATUS, {"error": "unavailable"})
        else:
            await self.reset()
            return False
        return True

    async def spoil(self, fault: Fault, status: int, body: bytes) -> None:
        """Act out what becomes of an answer that was made: `malformed`, `truncated`, `drop`."""
        if fault.kind == "malformed":
            await self.reply(status, body[: len(body) * 2 // 3])
        elif fault.kind == "drop" and fault.at == "start":
            await self.close()
        else:
            await self._start(status, len(body), {})
            await self._send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            await self.close()

    async def hang(self, fault: Fault) -> bool:
        """Say nothing until the caller leaves, for `hold_s` at most; whether it has left. Then the connection ends."""
        try:
            await asyncio.wait_for(self._gone(), fault.hold_s)
        except TimeoutError:
            await self.close()
            return False
        return True

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

    async def _start(self, status: int, length: int, headers: Mapping[str, str]) -> None:
        self.status = status
        raw = [(b"content-type", JSON.encode()), (b"content-length", str(length).encode())]
        raw += [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


def retry_after(seconds: float) -> dict[str, str]:
    """The two headers that say when to come again: whole seconds, rounded up, and milliseconds."""
    return {"retry-after": str(math.ceil(seconds)), "retry-after-ms": str(math.ceil(seconds * 1000))}


def dumped(value: Any) -> bytes:
    """A value as compact JSON, in ASCII."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
