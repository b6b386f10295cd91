"""A copy of the passages in memory, which one task keeps the same as the table.

There are some dozens of rows, so we do not ask the store once a question: a follower asks it ten times a second
whether anything was written, and fetches all rows if so. The copy has the store's own vectors. It counts as the store
itself for as long as the store has confirmed it within the last LEASE_S; afterwards it is a kept copy, and its answers
are lesser ones. No question ever waits for Postgres.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

import asyncpg

EVERY_S = 0.1  # between two looks
PATIENCE_S = 0.3  # for one look
CONNECT_S = 0.5
AGAIN_S = 0.15  # between two tries while the store fails
LEASE_S = 0.65  # a look that is lost (one PATIENCE_S, and a new connection) does not end it

# `xmin` is another one for each write of a row, so the mark changes with whatever is written, also the same edition
# again with other vectors. Mark and rows are of one statement, hence of one state of the table; without news there is
# one row, with the mark alone.
NEWS = """
WITH now AS (SELECT md5(string_agg(id || ':' || xmin::text, ',' ORDER BY id)) AS mark FROM passages)
SELECT mark, id, title, body, edition, model, embedding::text AS vector
FROM now LEFT JOIN passages ON mark IS DISTINCT FROM $1::text
"""

log = logging.getLogger("desk.store")


@dataclass(frozen=True)
class Passage:
    id: str
    title: str
    text: str
    model: str = ""
    vector: tuple[float, ...] = ()


def unit(vector: list[float]) -> tuple[float, ...]:
    length = math.sqrt(sum(map(mul, vector, vector))) or 1.0
    return tuple(value / length for value in vector)


def nearest(passages: Sequence[Passage], vectors: dict[str, tuple[float, ...]], limit: int) -> list[Passage]:
    """The passages nearest to a question, nearest first. `vectors` are the question's, one of each model: only vectors
    of one model can be compared."""

    def near(passage: Passage) -> float:
        return sum(map(mul, passage.vector, vectors[passage.model]))

    return sorted((each for each in passages if each.model in vectors), key=near, reverse=True)[:limit]


class Store:
    def __init__(self, url: str) -> None:
        self.url = url
        self.passages: tuple[Passage, ...] = ()
        self.tried = asyncio.Event()  # the first look has ended, well or not
        self._mark: str | None = None
        self._confirmed = -math.inf

    @property
    def well(self) -> bool:
        """Whether the copy is what the store has, as far as anybody can know."""
        return bool(self.passages) and time.monotonic() - self._confirmed <= LEASE_S

    async def follow(self) -> None:
        """Keep the copy, for ever."""
        connection: asyncpg.Connection | None = None
        failing = False
        try:
            while True:
                began = time.monotonic()
                try:
                    if connection is None:
                        async with asyncio.timeout(CONNECT_S):
                            connection = await asyncpg.connect(self.url, ssl=False)
                    async with asyncio.timeout(PATIENCE_S):
                        rows = await connection.fetch(NEWS, self._mark)
                    self._take(rows)
                    self._confirmed = began
                    if failing:
                        log.warning("the store is back")
                    failing = False
                except Exception as error:  # whatever it is: the lease runs out, and we try again
                    if connection is not None:
                        connection.terminate()  # close() would wait for a server that does not answer
                        connection = None
                    if not failing:
                        log.warning("the store fails: %r", error)
                    failing = True
                self.tried.set()
                await asyncio.sleep(AGAIN_S if failing else EVERY_S)
        finally:
            if connection is not None:
                connection.terminate()

    def _take(self, rows: list[asyncpg.Record]) -> None:
        if not rows or rows[0]["id"] is None:  # no news
            return
        self.passages = tuple(
            Passage(row["id"], row["title"], row["body"], row["model"], unit(json.loads(row["vector"])))
            for row in rows
        )
        self._mark = rows[0]["mark"]
        log.warning("edition %s, vectors of %s", rows[0]["edition"], ", ".join(sorted({row["model"] for row in rows})))
