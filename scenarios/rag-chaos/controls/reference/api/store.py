"""The passages in Postgres, found by their vectors."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

NEAREST = "SELECT title, body, model FROM passages ORDER BY embedding <=> $1::text::vector LIMIT $2"


@dataclass(frozen=True)
class Passage:
    """A passage; `model` is the one that made its vector, empty if it was found by words."""

    title: str
    text: str
    model: str = ""


class Store:
    def __init__(self, url: str) -> None:
        self.url = url

    async def open(self) -> None:
        self.pool = await asyncpg.create_pool(self.url, min_size=2, max_size=8)

    async def nearest(self, vector: list[float], limit: int) -> list[Passage]:
        """The passages whose vectors are nearest, nearest first; a connection that was late is not used again."""
        connection = await self.pool.acquire()
        try:
            rows = await connection.fetch(NEAREST, f"[{','.join(map(str, vector))}]", limit)
        except BaseException:
            connection.terminate()
            raise
        finally:
            await self.pool.release(connection)
        return [Passage(row["title"], row["body"], row["model"]) for row in rows]
