"""One replica: a few workers, a price for each query in time, and a ledger of what it was asked."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from index import Index, words

RECENT_S = 1.0
MAX_OPEN = 400


class Overrun(Exception):
    """So many queries are open that no further one is taken."""


class BadPace(ValueError):
    """A pace that is not understood; the message names the key."""


@dataclass(frozen=True)
class Pace:
    """How long a query takes, once a worker has it.

    Attributes:
        base_s: seconds for any query.
        word_s: seconds more for each word of the query, repetitions included.
        added_s: seconds more while the replica is slow.
    """

    base_s: float = 0.015
    word_s: float = 0.0005
    added_s: float = 0.0

    def seconds(self, n: int) -> float:
        """For a query of `n` words."""
        return self.base_s + self.added_s + self.word_s * n


class Replica:
    """Answers queries. One that has begun is finished, whether or not anybody still waits for it."""

    def __init__(self, name: str, index: Index, pace: Pace, workers: int) -> None:
        self.name = name
        self.pace = pace
        self._index = index
        self._workers = asyncio.Semaphore(workers)
        self._asked: deque[float] = deque()
        self._queries = self._answered = self._open = 0
        self.probes = 0

    async def search(self, query: str, limit: int, *, probe: bool = False) -> dict[str, Any]:
        """The best articles. A probe takes the time of a query, but no worker and no place in the counts.

        Raises:
            Overrun: `MAX_OPEN` queries wait or are worked on; this one is counted all the same.
        """
        n, wanted = self._read(query)
        if probe:
            self.probes += 1
            await asyncio.sleep(self.pace.seconds(n))
            return self._found(wanted, limit)
        self._count()
        if self._open >= MAX_OPEN:
            raise Overrun(f"{MAX_OPEN} queries are open")
        self._open += 1
        try:
            async with self._workers:
                await asyncio.sleep(self.pace.seconds(n))
                self._answered += 1
                return self._found(wanted, limit)
        finally:
            self._open -= 1

    def stats(self) -> dict[str, Any]:
        """Queries asked since the start and in the last second, answered, and not yet answered."""
        self._forget(time.monotonic())
        return {
            "queries": self._queries,
            "last_second": len(self._asked),
            "answered": self._answered,
            "open": self._open,
        }

    def _read(self, query: str) -> tuple[int, frozenset[str]]:
        """How many words a query has, and those that matter: what waits is small, however long the query."""
        asked = words(query)
        return len(asked), self._index.known(asked)

    def _found(self, wanted: frozenset[str], limit: int) -> dict[str, Any]:
        articles = self._index.find(wanted, limit)
        return {"revision": self._index.revision, "replica": self.name, "articles": articles}

    def _count(self) -> None:
        now = time.monotonic()
        self._queries += 1
        self._asked.append(now)
        self._forget(now)

    def _forget(self, now: float) -> None:
        while self._asked and self._asked[0] < now - RECENT_S:
            self._asked.popleft()


def parse_added(raw: Any, names: list[str]) -> tuple[str, float]:
    """Replica and seconds from `{"replica": name, "added_s": seconds}`.

    Raises:
        BadPace: it is not that, the replica is unknown, or the seconds are not from 0 to 60.
    """
    if not isinstance(raw, dict) or set(raw) != {"replica", "added_s"}:
        raise BadPace("must have replica and added_s, and nothing else")
    name, added = raw["replica"], raw["added_s"]
    if name not in names:
        raise BadPace(f"replica: one of {', '.join(names)}")
    if isinstance(added, bool) or not isinstance(added, int | float) or not 0 <= added <= 60:
        raise BadPace("added_s: must be a number of seconds from 0 to 60")
    return name, float(added)
