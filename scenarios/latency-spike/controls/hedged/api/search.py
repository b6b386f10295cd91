"""The client of the search replicas: when one does not answer soon, the other is asked as well."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

import httpx
import telemetry

HEDGE_AFTER_S = 0.06
TIMEOUT_S = 1.5
SHARE_OF_HEDGES = 0.7
MEMORY = 0.8


class SearchFailed(Exception):
    """No replica answered."""


class Replica:
    """A replica and how long it took of late, in seconds."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seconds = 0.0

    def took(self, seconds: float) -> None:
        self.seconds = MEMORY * self.seconds + (1 - MEMORY) * seconds


class Search:
    def __init__(self, replicas: list[str]) -> None:
        self.replicas = [Replica(url) for url in replicas]
        self.client = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)
        self.budget = 10.0

    def choose(self) -> list[Replica]:
        """The swifter one first; one time in twenty the other, to see how it is."""
        ordered = sorted(self.replicas, key=lambda replica: replica.seconds)
        return ordered if random.random() > 0.05 else ordered[::-1]

    async def best(self, query: str, request_id: str) -> dict[str, Any]:
        """What search finds: the best article, and the revision of the index."""
        self.budget = min(10.0, self.budget + SHARE_OF_HEDGES)
        asked: set[asyncio.Task[dict[str, Any]]] = set()
        try:
            for replica in self.choose():
                if asked and self.budget < 1:
                    break
                self.budget -= 1 if asked else 0
                asked.add(asyncio.create_task(self.ask(replica, query, request_id)))
                if (found := await first(asked, HEDGE_AFTER_S)) is not None:
                    return found
            if (found := await first(asked, TIMEOUT_S)) is not None:
                return found
        finally:
            for task in asked:
                task.cancel()
        raise SearchFailed("no replica answered in time")

    async def ask(self, replica: Replica, query: str, request_id: str) -> dict[str, Any]:
        began = time.monotonic()
        try:
            with telemetry.span("search", replica=replica.url, query_bytes=len(query)):
                answered = await self.client.post(
                    f"{replica.url}/search", json={"query": query, "limit": 1}, headers={"x-request-id": request_id}
                )
            answered.raise_for_status()
            found: dict[str, Any] = answered.json()
            telemetry.searches.labels(replica.url, "ok").inc()
            return found
        finally:
            replica.took(time.monotonic() - began)

    async def revision(self) -> int:
        """The revision of the index."""
        for replica in self.choose():
            try:
                answered = await self.client.get(f"{replica.url}/revision", timeout=0.5)
                return int(answered.json()["revision"])
            except (httpx.HTTPError, LookupError, ValueError):
                continue
        raise SearchFailed("no replica tells its revision")


async def first(asked: set[asyncio.Task[dict[str, Any]]], seconds: float) -> dict[str, Any] | None:
    """The first good answer in that time, if there is one."""
    deadline = time.monotonic() + seconds
    while waiting := {task for task in asked if not task.done()}:
        await asyncio.wait(waiting, timeout=max(0.0, deadline - time.monotonic()), return_when=asyncio.FIRST_COMPLETED)
        for task in asked:
            if task.done() and not task.cancelled() and task.exception() is None:
                return task.result()
        if time.monotonic() >= deadline:
            break
    return None
