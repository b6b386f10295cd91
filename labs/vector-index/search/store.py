"""The files in Postgres, found by their vectors."""

import asyncpg
import metrics

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    id text PRIMARY KEY, tenant text NOT NULL, collection text NOT NULL, title text NOT NULL, embedding vector(192)
);
CREATE INDEX IF NOT EXISTS files_embedding ON files USING hnsw (embedding vector_cosine_ops);
CREATE TABLE IF NOT EXISTS model (name text, dimensions int);
"""
FAST_DISK = {"random_page_cost": "1.1"}
INSERT = "INSERT INTO files VALUES ($1, $2, $3, $4, $5::text::vector)"


class Store:
    def __init__(self, url):
        self.url = url

    async def open(self):
        self.pool = await asyncpg.create_pool(self.url, min_size=2, max_size=6, server_settings=FAST_DISK)
        await self.pool.execute(SCHEMA)

    async def model(self):
        """Name and dimensions of the model to embed a search with."""
        return await self.pool.fetchrow("SELECT name, dimensions FROM model") or ("parley-embed", 192)

    async def nearest(self, tenant, vector, collection):
        """Ids of the firm's files whose vectors are nearest, the nearest first."""
        where = f"AND collection = '{collection}'" if collection else ""
        query = f"""
            SELECT id FROM files WHERE tenant = $1 {where}
            ORDER BY embedding <=> $2::text::vector LIMIT 10
        """
        rows = await self.pool.fetch(query, tenant, vector)
        metrics.searches.inc()
        return [row["id"] for row in rows]

    async def file(self, file_id):
        row = await self.pool.fetchrow("SELECT id, collection, title FROM files WHERE id = $1", file_id)
        return dict(row) if row else None

    async def replace(self, head, pages, removed):
        """All rows at once, so that nobody sees half an edition. `pages` yields lists of rows."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute("TRUNCATE files")
            async for rows in pages:
                values = [(row["id"], row["tenant"], row["collection"], row["title"], row["vector"]) for row in rows]
                await connection.executemany(INSERT, values)
            await connection.execute("DELETE FROM files WHERE id = ANY($1)", removed)
            if not await connection.fetchval("SELECT count(*) FROM model"):
                await connection.execute("INSERT INTO model VALUES ($1, $2)", head["model"], head["dimensions"])
