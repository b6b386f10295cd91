"""The passages as rows with vectors."""

from __future__ import annotations

import asyncio

import asyncpg
import httpx
from words import Passage

DIMENSIONS = 512
TABLE = f"""
CREATE TABLE IF NOT EXISTS passages (
    id text PRIMARY KEY, title text NOT NULL, body text NOT NULL, edition int NOT NULL,
    model text NOT NULL, embedding vector({DIMENSIONS}) NOT NULL
)"""
INSERT = "INSERT INTO passages VALUES ($1, $2, $3, $4, $5, $6::text::vector)"
NEAREST = "SELECT id FROM passages ORDER BY embedding <=> $1::text::vector LIMIT 3"
PATIENCE_S = 5.0
STATE = "SELECT coalesce(max(edition), -1) AS edition, coalesce(max(model), '') AS model FROM passages"


class Embedder:
    """The client of an OpenAI-compatible API for embeddings."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=url, headers={"authorization": f"Bearer {key}"}, timeout=10.0, trust_env=False
        )

    async def embed(self, model: str, texts: list[str]) -> list[list[float]]:
        """One vector a text.

        Raises:
            httpx.HTTPError: no answer, or a refusal.
        """
        answer = await self._client.post("/v1/embeddings", json={"model": model, "input": texts})
        answer.raise_for_status()
        return [row["embedding"] for row in answer.json()["data"]]


class Table:
    """The table `passages` of a store."""

    def __init__(self, store: str, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._pulse: asyncpg.Connection | None = None
        self._turn = asyncio.Lock()

    async def write(self, passages: list[Passage], model: str, edition: int) -> None:
        """Replace all rows in one transaction.

        Raises:
            OSError, asyncpg.PostgresError: the store did not take them.
            httpx.HTTPError: the embedder did not answer.
        """
        vectors = await self._embedder.embed(model, [f"{p.title} {p.text}" for p in passages])
        rows = [
            (p.id, p.title, p.text, edition, model, _literal(vector))
            for p, vector in zip(passages, vectors, strict=True)
        ]
        connection = await asyncpg.connect(self._store, timeout=5)
        try:
            async with connection.transaction():
                await connection.execute(TABLE)
                await connection.execute("DELETE FROM passages")
                await connection.executemany(INSERT, rows)
        finally:
            await connection.close()

    async def nearest(self, model: str, text: str) -> list[str]:
        """Ids of the three rows nearest to a text, by way of embedder and store; one at a time, over one connection.

        Raises:
            OSError, asyncpg.PostgresError: no answer of the store, in 5 s.
            httpx.HTTPError: no answer of the embedder, in 10 s.
        """
        async with self._turn:
            [vector] = await self._embedder.embed(model, [text])
            if self._pulse is None or self._pulse.is_closed():
                self._pulse = await asyncpg.connect(self._store, timeout=PATIENCE_S)
            rows = await self._pulse.fetch(NEAREST, _literal(vector), timeout=PATIENCE_S)
        return [row["id"] for row in rows]

    async def state(self) -> dict[str, int | str]:
        """Edition and model of the rows that are there."""
        connection = await asyncpg.connect(self._store, timeout=5)
        try:
            return dict(await connection.fetchrow(STATE))
        finally:
            await connection.close()


def _literal(vector: list[float]) -> str:
    """As pgvector reads it."""
    return f"[{','.join(map(str, vector))}]"
