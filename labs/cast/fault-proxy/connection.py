"""One client's connection to the upstream: two links, and how both of its sockets end."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ledger import Tally
from link import READ, Link
from toxics import STREAMS

CONNECT_S = 10.0
FLUSH_S = 1.0
"""What was passed on may still reach the receiver for this long after an end; then it is cut off."""


class Connection:
    """Opened by a client; `run` lasts as long as it does.

    Args:
        number: counts the proxy's connections; the draws of this one depend on it.
        upstream: host and port.
    """

    def __init__(
        self,
        number: int,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        upstream: tuple[str, int],
        tally: Tally,
    ) -> None:
        self.number = number
        self._client, self._upstream, self._tally = client, upstream, tally
        self._links: dict[str, Link] = {}
        self._over = asyncio.Event()
        self._reset = False

    def link(self, stream: str) -> Link | None:
        """The link of that stream, once the upstream is reached."""
        return self._links.get(stream)

    def end(self, reset: bool = False) -> None:
        """Close both sockets, with a TCP reset if told so; `run` returns soon."""
        self._reset = self._reset or reset
        self._over.set()

    async def run(self, acts: Callable[[Connection], None]) -> None:
        """From the client's arrival to the end of both sockets. `acts` puts the toxics on the new links."""
        self._tally.accepted += 1
        writers = [self._client[1]]
        try:
            server = await self._dial()
            if server is not None:
                writers.append(server[1])
                self._join(server)
                acts(self)
                await self._last()
        finally:
            await asyncio.gather(*(self._close(writer) for writer in writers))
            self._tally.closed += 1

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        host, port = self._upstream
        dialling = asyncio.create_task(asyncio.open_connection(host, port, limit=READ))
        ended = asyncio.create_task(self._over.wait())
        tasks: list[asyncio.Task[Any]] = [dialling, ended]
        await asyncio.wait(tasks, timeout=CONNECT_S, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        dialling.cancel()
        try:
            return await dialling
        except (OSError, asyncio.CancelledError):
            self._tally.unreachable += not self._over.is_set()
            return None

    def _join(self, server: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        ends = {"upstream": (self._client[0], server[1]), "downstream": (server[0], self._client[1])}
        self._links = {stream: Link(*ends[stream], self._tally.flows[stream], self.end) for stream in STREAMS}

    async def _last(self) -> None:
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(self._pump()), asyncio.create_task(self._over.wait())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _pump(self) -> None:
        async with asyncio.TaskGroup() as group:
            for link in self._links.values():
                group.create_task(link.run())

    async def _close(self, writer: asyncio.StreamWriter) -> None:
        if self._reset:
            _no_lingering(writer)
            writer.transport.abort()
        else:
            writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(FLUSH_S):
                await writer.wait_closed()
        writer.transport.abort()


def _no_lingering(writer: asyncio.StreamWriter) -> None:
    """Let the close of a socket be a TCP reset, which drops what is not sent yet."""
    own = writer.get_extra_info("socket")
    if own is None:  # it is lost already
        return
    with suppress(OSError), socket.socket(fileno=os.dup(own.fileno())) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
