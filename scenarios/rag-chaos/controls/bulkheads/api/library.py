"""The client of the library's keyword search."""

from __future__ import annotations

import httpx
from store import Passage


class Library:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=0.3, trust_env=False)

    async def search(self, question: str, limit: int) -> list[Passage]:
        """The passages that share most words with the question; raises httpx.HTTPError."""
        response = await self.client.post("/search", json={"query": question, "limit": limit})
        response.raise_for_status()
        return [Passage(found["title"], found["text"]) for found in response.json()["passages"]]
