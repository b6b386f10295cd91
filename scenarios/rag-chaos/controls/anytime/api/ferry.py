"""One connection to Postgres, and one task that owns it. Whoever has a question gets in line; a trip takes all who wait.

Each trip asks first whether anything was written since the last one (then the shelf is replaced), and then looks for
all riders in one statement. Both statements carry the mark of the table's state, and they must agree, so what a rider
gets is of the shelf that is in force. A trip that is late ends with its connection; its riders stay in line for the
next one, and leave it when their own time is over. There is a trip every BEAT_S, riders or not, so the shelf is at most
that much behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg
import metrics
from shelf import Passage, Shelf

CONNECT_S, TRIP_S, BEAT_S, AGAIN_S = 0.4, 0.25, 0.15, 0.1
TURNS = 3  # of a trip during which somebody writes

# A row's xmin changes with each write of it.
_MARK = "SELECT md5(string_agg(id || '/' || xmin::text, ' ' ORDER BY id)) AS mark FROM passages"
NEWS = f"""
WITH state AS ({_MARK})
SELECT mark, id, title, body, model FROM state LEFT JOIN passages ON mark IS DISTINCT FROM $1::text
"""
SEARCH = f"""
WITH state AS ({_MARK})
SELECT state.mark, asked.rider, near.id
FROM state
CROSS JOIN unnest($1::int[], $2::text[], $3::text[]) AS asked(rider, model, vector)
LEFT JOIN LATERAL (
    SELECT p.id, p.embedding <=> asked.vector::vector AS distance FROM passages p
    WHERE p.model = asked.model ORDER BY distance LIMIT $4::int
) AS near ON true
ORDER BY asked.rider, near.distance NULLS LAST
"""

log = logging.getLogger("desk.ferry")


class OtherModels(Exception):
    """The rows have vectors of models that the rider has none of; `needed` are all that there are."""

    def __init__(self, needed: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(needed)))
        self.needed = needed


@dataclass(eq=False)
class Rider:
    vectors: Mapping[str, str]  # a model, and the question's vector by it as pgvector reads it
    limit: int
    landed: asyncio.Future[list[Passage]]


class Ferry:
    def __init__(self, url: str) -> None:
        self.shelf = Shelf()
        self.sailed = asyncio.Event()  # a trip was tried, with success or without
        self._url = url
        self._line: list[Rider] = []
        self._bell = asyncio.Event()

    async def nearest(self, vectors: Mapping[str, str], limit: int) -> list[Passage]:
        """The passages nearest to a question, by the store's vectors. It has no time limit: the caller has.

        Raises:
            OtherModels: it takes vectors of others.
        """
        rider = Rider(vectors, limit, asyncio.get_running_loop().create_future())
        self._line.append(rider)
        self._bell.set()
        return await rider.landed

    async def sail(self) -> None:
        """For ever."""
        well = True
        while True:
            try:
                async with asyncio.timeout(CONNECT_S):
                    connection = await asyncpg.connect(self._url, ssl=False)
                try:
                    while True:
                        async with asyncio.timeout(TRIP_S):
                            await self._trip(connection)
                        if not well:
                            log.warning("the store is back")
                        well = True
                        self.sailed.set()
                        with contextlib.suppress(TimeoutError):  # rung by whoever got in line since the trip began
                            await asyncio.wait_for(self._bell.wait(), BEAT_S)
                finally:
                    connection.terminate()  # never close(): that waits for the server
            except Exception as error:
                metrics.lost.labels("store").inc()
                if well:
                    log.warning("the store fails: %r", error)
                well = False
                self.sailed.set()
            await asyncio.sleep(AGAIN_S)

    async def _trip(self, connection: asyncpg.Connection) -> None:
        self._bell.clear()
        riders = self._line = [rider for rider in self._line if not rider.landed.done()]
        for _ in range(TURNS):
            self._take(await connection.fetch(NEWS, self.shelf.mark))
            for rider in riders:
                if not rider.landed.done() and not self.shelf.models <= rider.vectors.keys():
                    rider.landed.set_exception(OtherModels(self.shelf.models))
            riders = [rider for rider in riders if not rider.landed.done()]
            if not riders or await self._search(connection, riders):
                break
        self._line = [rider for rider in self._line if not rider.landed.done()]

    def _take(self, rows: list[asyncpg.Record]) -> None:
        mark = rows[0]["mark"]
        if mark == self.shelf.mark:
            return
        passages = [Passage(row["id"], row["title"], row["body"], row["model"]) for row in rows if row["id"] is not None]
        self.shelf = Shelf(mark, passages)
        log.warning("%d passages, vectors of %s", len(passages), ", ".join(sorted(self.shelf.models)) or "none")

    async def _search(self, connection: asyncpg.Connection, riders: list[Rider]) -> bool:
        """Whether the riders have landed; else the table has changed since the shelf was filled."""
        asked = [
            (n, model, rider.vectors[model]) for n, rider in enumerate(riders) for model in sorted(self.shelf.models)
        ]
        if not asked:  # the table is empty
            return False
        most = max(rider.limit for rider in riders)
        rows = await connection.fetch(SEARCH, *map(list, zip(*asked, strict=True)), most)
        if rows[0]["mark"] != self.shelf.mark:
            return False
        for n, rider in enumerate(riders):
            if not rider.landed.done():
                ids = [row["id"] for row in rows if row["rider"] == n and row["id"] is not None]
                rider.landed.set_result([self.shelf.passages[id] for id in ids[: rider.limit]])
        return True
