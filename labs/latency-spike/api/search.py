"""The client of the search replicas. Each keeps a cache of its own, so a query always goes to the same one."""

from __future__ import annotations

import zlib
from typing import Any

import httpx
import telemetry

TIMEOUT_S = 0.8
ATTEMPTS = 4


class SearchFailed(Exception):
    """No replica answered."""


class Search:
    def __init__(self, replicas: list[str]) -> None:
        self.replicas = replicas
        self.client = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)

    def replica(self, query: str) -> str:
        return self.replicas[zlib.crc32(query.encode()) % len(self.replicas)]

    async def best(self, query: str, request_id: str) -> dict[str, Any]:
        """The article that fits best."""
        replica = self.replica(query)
        for attempt in range(1, ATTEMPTS + 1):
            with telemetry.span("search", replica=replica, attempt=attempt, query_bytes=len(query)) as span:
                try:
                    found = await self.client.post(
                        f"{replica}/search",
                        json={"query": query, "limit": 1},
                        headers={"x-request-id": request_id},
                    )
                    found.raise_for_status()
                    telemetry.searches.labels(replica, "ok").inc()
                    return found.json()["articles"][0]
                except (httpx.HTTPError, LookupError) as error:
                    span.set_attribute("error", type(error).__name__)
                    telemetry.searches.labels(replica, type(error).__name__).inc()
        raise SearchFailed(f"{replica}: {ATTEMPTS} attempts failed")
