"""Several ports in one loop, until a signal. Answers may be streams."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import uvicorn

Application = Callable[..., Awaitable[None]]
LAST_ANSWERS_S = 1
KEEP_ALIVE_S = 75


class _Server(uvicorn.Server):
    """A uvicorn server that leaves signals to us, since several run in one loop."""

    def __init__(self, application: Application, listen: str) -> None:
        host, _, port = listen.rpartition(":")
        super().__init__(
            uvicorn.Config(
                application, host=host, port=int(port), lifespan="off", ws="none", access_log=False,
                log_level="warning", timeout_graceful_shutdown=LAST_ANSWERS_S, timeout_keep_alive=KEEP_ALIVE_S,
            )
        )  # fmt: skip

    async def serve(self, sockets: Any = None) -> None:
        """Run until `should_exit`."""
        await self._serve(sockets)


def serve(ports: Mapping[str, Application]) -> None:
    """Serve each application on its `host:port` until SIGTERM or SIGINT; SystemExit if a port is taken."""
    _allow_many_connections()
    try:
        from uvloop import run
    except ImportError:
        run = asyncio.run
    run(_serve(ports))


async def _serve(ports: Mapping[str, Application]) -> None:
    servers = [_Server(application, listen) for listen, application in ports.items()]

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
