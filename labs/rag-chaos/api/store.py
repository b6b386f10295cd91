"""The passages in Postgres, found by their vectors."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

NEAREST = "SELECT title, body FROM passages ORDER BY embedding <=> $1::text::vector LIMIT $2"


@dataclass(frozen=True)
class Passage:
    title: str
    text: str


class Store:
    def __init__(self, url: str) -> None:
        self.url = url

    async def open(self) -> None:
        self.pool = await asyncpg.create_pool(self.url, min_size=2, max_size=4)

    async def nearest(self, vector: list[float], limit: int) -> list[Passage]:
        """The passages whose vectors are nearest, nearest first."""
        async with self.pool.acquire() as connection:
            rows = await connection.fetch(NEAREST, f"[{','.join(map(str, vector))}]", limit)
        return [Passage(row["title"], row["body"]) for row in rows]
