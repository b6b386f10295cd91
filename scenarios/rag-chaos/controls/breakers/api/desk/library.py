"""The client of the website's keyword search."""

from __future__ import annotations

import asyncio

import httpx

from desk import telemetry
from desk.errors import Unavailable
from desk.model import Passage


class Library:
    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=url, timeout=None, trust_env=False, limits=httpx.Limits(max_connections=50, keepalive_expiry=10.0)
        )

    async def search(self, query: str, limit: int, within_s: float) -> tuple[Passage, ...]:
        try:
            async with asyncio.timeout(within_s):
                with telemetry.stage("library"):
                    response = await self._client.post("/search", json={"query": query, "limit": limit})
                response.raise_for_status()
                return tuple(
                    Passage(str(each["id"]), str(each["title"]), str(each["text"]))
                    for each in response.json()["passages"]
                )
        except (httpx.HTTPError, OSError, ValueError, LookupError, TypeError) as error:
            telemetry.failures.labels("library").inc()
            raise Unavailable("library", error) from error

    async def close(self) -> None:
        await self._client.aclose()
