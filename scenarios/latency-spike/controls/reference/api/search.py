"""The client of the search replicas: a late one is left for the other, and rests when it is late again and again."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import Any

import httpx
import telemetry

PATIENCE_S = (0.2, 1.0)
LATE_IN_A_ROW = 2
REST_S = 2.0


class SearchFailed(Exception):
    """No replica answered."""


@dataclass
class Replica:
    url: str
    late: int = 0
    rests_until: float = 0.0

    def rests(self) -> bool:
        return time.monotonic() < self.rests_until

    def was(self, well: bool) -> None:
        self.late = 0 if well else self.late + 1
        if self.late >= LATE_IN_A_ROW:
            self.rests_until = time.monotonic() + REST_S
            self.late = LATE_IN_A_ROW - 1


class Search:
    def __init__(self, replicas: list[str]) -> None:
        self.replicas = [Replica(url) for url in replicas]
        self.turn = itertools.cycle(range(len(replicas)))
        self.client = httpx.AsyncClient(trust_env=False)

    def order(self) -> list[Replica]:
        """Whom to ask, and whom next: in turn, those that rest last."""
        first = next(self.turn)
        return sorted(self.replicas[first:] + self.replicas[:first], key=Replica.rests)

    async def best(self, query: str, request_id: str) -> dict[str, Any]:
        """The article that fits best; each replica is asked at most once, and the second one is waited for longer."""
        for attempt, (replica, patience_s) in enumerate(zip(self.order(), PATIENCE_S, strict=True), start=1):
            with telemetry.span("search", replica=replica.url, attempt=attempt, query_bytes=len(query)) as span:
                try:
                    article = await self.ask(replica, query, request_id, patience_s)
                except (httpx.HTTPError, LookupError) as error:
                    span.set_attribute("error", type(error).__name__)
                    telemetry.searches.labels(replica.url, type(error).__name__).inc()
                    replica.was(well=False)
                else:
                    telemetry.searches.labels(replica.url, "ok").inc()
                    replica.was(well=True)
                    return article
        raise SearchFailed("no replica answered in time")

    async def ask(self, replica: Replica, query: str, request_id: str, patience_s: float) -> dict[str, Any]:
        found = await self.client.post(
            f"{replica.url}/search",
            json={"query": query, "limit": 1},
            headers={"x-request-id": request_id},
            timeout=patience_s,
        )
        found.raise_for_status()
        article: dict[str, Any] = found.json()["articles"][0]
        return article
