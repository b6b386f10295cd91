"""Several ports in one loop, until a signal; answers may be streams. What is not a body is bounded."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import uvicorn
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

Application = Callable[..., Awaitable[None]]
LAST_ANSWERS_S = 1
KEEP_ALIVE_S = 75
MAX_HEAD = 1 << 15
"""Bytes of a request that are no body: its head, its trailers, the frames of its chunks. Frames may besides take as
much as the body in them. Apache and nginx take 8 to 32 KiB for a head."""
SLICE = 1 << 12


MOST_AHEAD = 16
"""Requests of one connection that may wait for an answer before theirs; what comes behind them is not looked at yet."""

MOST_CONNECTIONS = 4000
"""From one address: twice as many as the load ever has."""

AT_ONCE, PER_SECOND = 5000, 1000
"""Requests from one address, on all of its connections: that many in a burst, and then as many a second. More are
not refused: they wait. The hungriest sound design asks 5,000 times in an exam."""


class Peer:
    """Who connects, by address: its connections, and how many of its requests are too many by now."""

    def __init__(self) -> None:
        self.connections = 0
        self._level, self._at = 0.0, time.monotonic()

    def count(self) -> None:
        """One more request."""
        now = time.monotonic()
        self._level = max(0.0, self._level - (now - self._at) * PER_SECOND) + 1
        self._at = now

    @property
    def too_fast_s(self) -> float:
        """How long the next request has to wait, in seconds; not above zero if it need not."""
        return (self._level - AT_ONCE) / PER_SECOND - (time.monotonic() - self._at)


PEERS: dict[str, Peer] = {}


class Door(FlowControl):
    """Uvicorn's flow control, which reads on after each answer, but not while the door is shut."""

    shut = False

    def resume_reading(self) -> None:
        """Called by uvicorn, when an answer is given or a body is read."""
        if not self.shut and not self._transport.is_closing():
            super().resume_reading()


class Bounded(HttpToolsProtocol):
    """Uvicorn's protocol, whose parser by itself collects a head or a trailer without end, and requests as well."""

    _beside = _inside = 0
    _over = False
    _waiting = b""
    _later: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Called by the loop."""
        super().connection_made(transport)
        self.flow = Door(transport)
        self._peer = PEERS.setdefault(self.client[0] if self.client else "", Peer())
        self._peer.connections += 1
        if self._peer.connections > MOST_CONNECTIONS:
            transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """Called by the loop."""
        self._peer.connections -= 1
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        self._waiting += data
        self._feed()

    def _feed(self) -> None:
        """In slices, for where in one a request ends is not told: what comes behind it there is not counted."""
        data, start, shut = self._waiting, 0, self.flow.shut
        while start < len(data) and not self.transport.is_closing() and not self._has_to_wait():
            self._take(data[start : start + SLICE])
            start += SLICE
        self._waiting = b"" if self.transport.is_closing() else data[start:]
        self.flow.shut = bool(self._waiting)
        if self.flow.shut:
            self.flow.pause_reading()
        elif shut and not self.pipeline:
            self.flow.resume_reading()

    def _has_to_wait(self) -> bool:
        """Whether who is there is too fast; it is fed again in time, or after an answer."""
        wait_s = self._peer.too_fast_s
        if wait_s > 0 and self._later is None:
            self._later = self.loop.call_later(wait_s, self._feed_later)
        return wait_s > 0 or len(self.pipeline) >= MOST_AHEAD

    def _feed_later(self) -> None:
        self._later = None
        self._feed()

    def _take(self, part: bytes) -> None:
        self._beside += len(part)
        super().data_received(part)
        if self._over:
            self._beside, self._inside, self._over = 0, 0, False
        if self._beside > MAX_HEAD + self._inside and not self.transport.is_closing():
            self.send_400_response(f"At most {MAX_HEAD} bytes of head.")

    def on_response_complete(self) -> None:
        """Called when an answer is given."""
        super().on_response_complete()
        if self._waiting:
            self._feed()

    def on_body(self, body: bytes) -> None:
        """Called by the parser for each part of a body."""
        self._beside -= len(body)
        self._inside += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Called by the parser when a request is whole."""
        self._over = True
        self._peer.count()
        super().on_message_complete()


class Server(uvicorn.Server):
    """A uvicorn server at a `host:port` that leaves signals to us, since several run in one loop. `more` goes to
    uvicorn's configuration."""

    def __init__(self, application: Application, listen: str, **more: Any) -> None:
        host, _, port = listen.rpartition(":")
        ours: dict[str, Any] = {"http": Bounded, "ws": "none", "lifespan": "off", "access_log": False}
        ours |= {"timeout_graceful_shutdown": LAST_ANSWERS_S, "timeout_keep_alive": KEEP_ALIVE_S}
        host = host.strip("[]")
        super().__init__(uvicorn.Config(application, host=host, port=int(port), log_level="warning", **ours | more))

    async def serve(self, sockets: Any = None) -> None:
        """Run until `should_exit`."""
        await self._serve(sockets)


def serve(ports: Mapping[str, Application], **more: Any) -> None:
    """Serve each application on its `host:port` until SIGTERM or SIGINT, to as many connections as the machine allows
    a process; SystemExit if a port is taken."""
    _allow_many_connections()
    run(serving(ports, **more))


def run(main: Any) -> None:
    """Run a coroutine, on uvloop where there is one."""
    try:
        from uvloop import run as begin
    except ImportError:
        begin = asyncio.run
    begin(main)


async def serving(ports: Mapping[str, Application], **more: Any) -> None:
    """As `serve`, in a loop that runs already, and to no more connections than usual."""
    servers = [Server(application, listen, **more) for listen, application in ports.items()]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await asyncio.gather(*(server.serve() for server in servers))


def _allow_many_connections() -> None:
    """Two thousand questions may wait at once, and many machines allow a process 1,024 files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
