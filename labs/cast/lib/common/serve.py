"""Several ports in one loop, until a signal; answers may be streams. What is not a body is bounded."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

Application = Callable[..., Awaitable[None]]
LAST_ANSWERS_S = 1
KEEP_ALIVE_S = 75
MAX_HEAD = 1 << 15
"""Bytes of a request that are no body: its head, its trailers, the frames of its chunks. Frames may besides take as
much as the body in them. Apache and nginx take 8 to 32 KiB for a head."""
SLICE = 1 << 12


class Bounded(HttpToolsProtocol):
    """Uvicorn's protocol, whose parser by itself collects a head or a trailer without end."""

    _beside = _inside = 0
    _over = False

    def data_received(self, data: bytes) -> None:
        """In slices, for where in one a request ends is not told: what comes behind it there is not counted."""
        for start in range(0, len(data), SLICE):
            part = data[start : start + SLICE]
            self._beside += len(part)
            super().data_received(part)
            if self._over:
                self._beside, self._inside, self._over = 0, 0, False
            if self._beside > MAX_HEAD + self._inside:
                self.send_400_response(f"At most {MAX_HEAD} bytes of head.")
            if self.transport.is_closing():
                return

    def on_body(self, body: bytes) -> None:
        """Called by the parser for each part of a body."""
        self._beside -= len(body)
        self._inside += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Called by the parser when a request is whole."""
        self._over = True
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
