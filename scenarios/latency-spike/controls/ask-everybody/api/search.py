"""The client of the search replicas: all are asked, and the first answer is taken."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import telemetry

TIMEOUT_S = 0.6
TIMES = 2


class SearchFailed(Exception):
    """No replica answered."""


class Search:
    def __init__(self, replicas: list[str]) -> None:
        self.replicas = replicas
        self.client = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)

    async def best(self, query: str, request_id: str) -> dict[str, Any]:
        """The article that fits best."""
        with telemetry.span("search", query_bytes=len(query)):
            asked = [asyncio.create_task(self.ask(url, query, request_id)) for url in self.replicas * TIMES]
            try:
                for answered in asyncio.as_completed(asked):
                    article = await answered
                    if article is not None:
                        return article
            finally:
                for task in asked:
                    task.cancel()
        raise SearchFailed("no replica answered in time")

    async def ask(self, replica: str, query: str, request_id: str) -> dict[str, Any] | None:
        try:
            found = await self.client.post(
                f"{replica}/search", json={"query": query, "limit": 1}, headers={"x-request-id": request_id}
            )
            found.raise_for_status()
            article: dict[str, Any] = found.json()["articles"][0]
        except (httpx.HTTPError, LookupError):
            return None
        return article
