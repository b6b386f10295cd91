"""The client of the search replicas: nobody waits longer than the timeout."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import httpx
import telemetry

TIMEOUT_S = 0.2


class SearchFailed(Exception):
    """No replica answered."""


@dataclass
class Replica:
    url: str


class Search:
    def __init__(self, replicas: list[str]) -> None:
        self.replicas = [Replica(url) for url in replicas]
        self.turn = itertools.cycle(range(len(replicas)))
        self.client = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)

    def order(self) -> list[Replica]:
        """Whom to ask: each in turn."""
        first = next(self.turn)
        return [self.replicas[first]]

    async def best(self, query: str, request_id: str) -> dict[str, Any]:
        """The article that fits best; each replica is asked at most once."""
        for attempt, replica in enumerate(self.order(), start=1):
            with telemetry.span("search", replica=replica.url, attempt=attempt, query_bytes=len(query)) as span:
                try:
                    article = await self.ask(replica, query, request_id)
                except (httpx.HTTPError, LookupError) as error:
                    span.set_attribute("error", type(error).__name__)
                    telemetry.searches.labels(replica.url, type(error).__name__).inc()
                else:
                    telemetry.searches.labels(replica.url, "ok").inc()
                    return article
        raise SearchFailed("no replica answered in time")

    async def ask(self, replica: Replica, query: str, request_id: str) -> dict[str, Any]:
        found = await self.client.post(
            f"{replica.url}/search", json={"query": query, "limit": 1}, headers={"x-request-id": request_id}
        )
        found.raise_for_status()
        article: dict[str, Any] = found.json()["articles"][0]
        return article
