"""Postgres, with a time limit on everything. A connection that was late is not used again.

This is no pool of asyncpg's: giving a connection back to one waits for the server, which is what a server that hangs
does not allow.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import asyncpg

from desk import telemetry
from desk.errors import Unavailable
from desk.model import Passage, Vector

BROKEN = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError)
FAILURES = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError, asyncpg.InternalClientError, ValueError)

NEAREST = """
SELECT p.id, p.title, p.body, p.edition, p.model, a.vector IS NOT NULL AS comparable,
       (SELECT array_agg(DISTINCT model) FROM passages) AS models
FROM passages p LEFT JOIN unnest($1::text[], $2::text[]) AS a(model, vector) ON a.model = p.model
ORDER BY p.embedding <=> a.vector::vector NULLS LAST
LIMIT $3
"""
# `xmin` is another one for each write of a row: whatever is written changes the outline.
OUTLINE = "SELECT id, edition, model, xmin::text AS written FROM passages ORDER BY id"
ALL = "SELECT id, edition, model, xmin::text AS written, title, body, embedding::text AS vector FROM passages ORDER BY id"

Outline = tuple[tuple[str, int, str, str], ...]


@dataclass(frozen=True)
class Nearest:
    passages: tuple[Passage, ...]
    models: frozenset[str]  # of all rows, when they were searched


class Store:
    def __init__(self, url: str, *, connections: int, idle: int) -> None:
        self._url = url
        self._places = asyncio.Semaphore(connections)
        self._idle: list[asyncpg.Connection] = []
        self._most_idle = idle

    async def nearest(self, vectors: dict[str, Vector], limit: int, within_s: float) -> Nearest:
        """The passages nearest to a question, of which there is a vector a model."""
        models, literals = list(vectors), [vector.literal for vector in vectors.values()]
        with telemetry.stage("store"):
            rows = await self._fetch(within_s, NEAREST, models, literals, limit)
        passages = tuple(
            Passage(row["id"], row["title"], row["body"], row["edition"], row["model"])
            for row in rows
            if row["comparable"]
        )
        return Nearest(passages, frozenset(rows[0]["models"]) if rows else frozenset())

    async def outline(self, within_s: float) -> Outline:
        return _outline(await self._fetch(within_s, OUTLINE))

    async def everything(self, within_s: float) -> tuple[Outline, tuple[Passage, ...]]:
        """All rows, with the outline of the same moment."""
        rows = await self._fetch(within_s, ALL)
        try:
            passages = tuple(
                Passage(
                    row["id"],
                    row["title"],
                    row["body"],
                    row["edition"],
                    row["model"],
                    Vector.of([float(value) for value in row["vector"].strip("[]").split(",")]).values,
                )
                for row in rows
            )
        except ValueError as error:
            raise Unavailable("store", error) from error
        return _outline(rows), passages

    def drop(self) -> None:
        """End all connections that nobody uses."""
        while self._idle:
            self._idle.pop().terminate()

    async def _fetch(self, within_s: float, statement: str, *values: object) -> list[asyncpg.Record]:
        try:
            async with asyncio.timeout(within_s), self._places:
                try:
                    return await self._once(statement, values)
                except BROKEN:
                    self.drop()  # cut while it was idle, and so are the others: once more on a new one
                    return await self._once(statement, values)
        except FAILURES as error:
            telemetry.failures.labels("store").inc()
            raise Unavailable("store", error) from error

    async def _once(self, statement: str, values: tuple[object, ...]) -> list[asyncpg.Record]:
        connection = self._taken() or await asyncpg.connect(self._url, ssl=False)
        sound = False
        try:
            rows = await connection.fetch(statement, *values)
            sound = True
            return rows
        finally:
            if sound and len(self._idle) < self._most_idle and not connection.is_closed():
                self._idle.append(connection)
            else:
                connection.terminate()

    def _taken(self) -> asyncpg.Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return None


def _outline(rows: list[asyncpg.Record]) -> Outline:
    return tuple((row["id"], row["edition"], row["model"], row["written"]) for row in rows)
