"""The passages in Postgres. Each search has a connection of its own for its time; one that was late is thrown away."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import asyncpg

NEAREST = "SELECT title, body, model FROM passages ORDER BY embedding <=> $1::text::vector LIMIT $2"
SPARE = 4


@dataclass(frozen=True)
class Passage:
    """A passage; `model` is the one that made its vector, empty if it was found by words."""

    title: str
    text: str
    model: str = ""


class Store:
    def __init__(self, url: str) -> None:
        self.url = url
        self.model = ""
        self.spare: deque[asyncpg.Connection] = deque()

    async def open(self) -> None:
        connection = await asyncpg.connect(self.url, timeout=5)
        self.model = await connection.fetchval("SELECT model FROM passages LIMIT 1")
        self.spare.append(connection)

    async def nearest(self, vector: list[float], limit: int) -> list[Passage]:
        """The passages whose vectors are nearest, nearest first."""
        connection = self.taken() or await asyncpg.connect(self.url, timeout=0.3)
        try:
            rows = await connection.fetch(NEAREST, f"[{','.join(map(str, vector))}]", limit)
        except BaseException:
            connection.terminate()
            raise
        self.spare.append(connection)
        while len(self.spare) > SPARE:
            self.spare.popleft().terminate()
        return [Passage(row["title"], row["body"], row["model"]) for row in rows]

    def taken(self) -> asyncpg.Connection | None:
        """A spare connection that is still open."""
        while self.spare:
            connection = self.spare.pop()
            if not connection.is_closed():
                return connection
        return None
