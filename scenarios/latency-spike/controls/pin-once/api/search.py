"""The client of the search replicas: the first late answer decides, for ever, that the other one is asked."""

from __future__ import annotations

from typing import Any

import httpx
import telemetry

PATIENCE_S = 0.25


class SearchFailed(Exception):
    """No replica answered."""


class Search:
    def __init__(self, replicas: list[str]) -> None:
        self.first, self.second = replicas
        self.pinned = False
        self.client = httpx.AsyncClient(trust_env=False)

    async def best(self, query: str, request_id: str) -> dict[str, Any]:
        """The article that fits best."""
        if not self.pinned:
            try:
                return await self.ask(self.first, query, request_id, PATIENCE_S)
            except (httpx.HTTPError, LookupError):
                self.pinned = True
        try:
            return await self.ask(self.second, query, request_id, 8.0)
        except (httpx.HTTPError, LookupError) as error:
            raise SearchFailed(repr(error)) from error

    async def ask(self, replica: str, query: str, request_id: str, patience_s: float) -> dict[str, Any]:
        with telemetry.span("search", replica=replica, query_bytes=len(query)):
            found = await self.client.post(
                f"{replica}/search",
                json={"query": query, "limit": 1},
                headers={"x-request-id": request_id},
                timeout=patience_s,
            )
            found.raise_for_status()
            telemetry.searches.labels(replica, "ok").inc()
            article: dict[str, Any] = found.json()["articles"][0]
            return article
