"""A proxy: a listener, the connections through it, and its toxics."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Iterable
from typing import Any

from acting import KINDS
from connection import Connection
from ledger import Acts, Tally
from link import READ
from problems import TOXIC_EXISTS, TOXIC_NOT_FOUND, Problem, bad_body
from toxics import STREAMS, Toxic


def address(text: str) -> tuple[str, int]:
    """`host:port` (host may be empty, or in brackets) as its two parts.

    Raises:
        Problem: 400, it is neither.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise bad_body(f"{text!r} is no address: write host:port")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104 - no host means every address, as in Toxiproxy


class Proxy:
    """One proxy by Toxiproxy's rules.

    Args:
        listen: where it is to listen; with port 0, `listen` is what it got once it is enabled.
        seed: of all draws: toxicity, jitter, sizes of slices.
    """

    def __init__(self, name: str, listen: str, upstream: str, tally: Tally, seed: int) -> None:
        self.name, self.listen, self.upstream = name, listen, upstream
        self._at, self._to = address(listen), address(upstream)
        self._tally, self._seed = tally, seed
        self._server: asyncio.Server | None = None
        self._connections: dict[Connection, asyncio.Task[None]] = {}
        self._count = 0
        self._toxics: dict[int, tuple[Toxic, Acts]] = {}
        self._places = 0

    @property
    def enabled(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    @property
    def toxics(self) -> list[Toxic]:
        """Those that act, upstream ones first, each stream's in the order in which they act."""
        found = [toxic for _, (toxic, _) in sorted(self._toxics.items())]
        return [toxic for stream in STREAMS for toxic in found if toxic.stream == stream]

    def json(self) -> dict[str, Any]:
        """As Toxiproxy shows it."""
        shown = {"name": self.name, "listen": self.listen, "upstream": self.upstream, "enabled": self.enabled}
        return {**shown, "toxics": [toxic.json() for toxic in self.toxics]}

    async def start(self) -> None:
        """Listen, if it does not yet.

        Raises:
            Problem: 500, the address cannot be listened on.
        """
        if self._server is not None:
            return
        host, port = self._at
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._server = await asyncio.start_server(self._accept, host, port, limit=READ, family=family)
        except OSError as error:
            raise Problem(f"listen tcp {self.listen}: {error.strerror or error}", 500) from error
        bound = self._server.sockets[0].getsockname()
        self.listen = f"[{bound[0]}]:{bound[1]}" if ":" in bound[0] else f"{bound[0]}:{bound[1]}"
        self._at = address(self.listen)
        self._tally.came_up()

    async def stop(self) -> None:
        """Listen no more, and close every connection."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        self._tally.went_down(len(self._connections))
        for connection in self._connections:
            connection.end()
        await asyncio.gather(*self._connections.values())

    async def move(self, listen: str, upstream: str) -> None:
        """Listen elsewhere, or for another upstream; stopped afterwards if that is a change. Raises `Problem`, 400."""
        if (address(listen), address(upstream)) == (self._at, self._to):
            return
        await self.stop()
        self.listen, self.upstream = listen, upstream
        self._at, self._to = address(listen), address(upstream)

    def toxic(self, name: str) -> Toxic:
        """The toxic of that name. Raises `Problem`, 404."""
        return self._toxics[self._place(name)][0]

    def add(self, toxic: Toxic) -> None:
        """Let a toxic act, on open connections too. Raises `Problem`, 409, if its name is taken."""
        if any(toxic.name == known.name for known in self.toxics):
            raise TOXIC_EXISTS
        self._places += 1
        self._toxics[self._places] = (toxic, self._tally.added(toxic))
        for connection in self._connections:
            self._put(connection, [self._places])

    def amend(self, name: str, raw: Any) -> Toxic:
        """Change a toxic's attributes or toxicity; toxicity is drawn again. Raises `Problem`, 400 or 404."""
        place = self._place(name)
        before, acts = self._toxics[place]
        acts.toxic = before.amended(raw)
        self._toxics[place] = (acts.toxic, acts)
        for connection in self._connections:
            self._put(connection, [place])
        return acts.toxic

    def remove(self, name: str) -> None:
        """End a toxic. Raises `Problem`, 404."""
        place = self._place(name)
        toxic, acts = self._toxics.pop(place)
        acts.end()
        for connection in list(self._connections):
            link = connection.link(toxic.stream)
            if link is not None:
                link.take(place)

    def _place(self, name: str) -> int:
        for place, (toxic, _) in self._toxics.items():
            if toxic.name == name:
                return place
        raise TOXIC_NOT_FOUND

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.enabled:
            writer.transport.abort()
            return
        self._count += 1
        connection = Connection(self._count, (reader, writer), self._to, self._tally)
        task = asyncio.create_task(connection.run(lambda made: self._put(made, sorted(self._toxics))))
        self._connections[connection] = task
        task.add_done_callback(lambda _: self._connections.pop(connection))

    def _put(self, connection: Connection, places: Iterable[int]) -> None:
        for place in places:
            toxic, acts = self._toxics[place]
            link = connection.link(toxic.stream)
            if link is not None:
                draw = random.Random(f"{self._seed}:{self.name}:{connection.number}:{toxic.name}")
                link.put(KINDS[toxic.type](toxic, place, link, draw, acts))
