"""The readers on contract, and one call to one of them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

import httpx

TIMEOUT_S = 1.5
URLS: dict[str, str] = json.loads(os.environ["READERS"])


class Failed(Exception):
    """A reader gave no digit."""


@dataclass(frozen=True)
class Vote:
    reader: str
    digit: int
    receipt: str


class Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.client = httpx.AsyncClient(base_url=URLS[name], timeout=TIMEOUT_S, trust_env=False)

    async def read(self, pixels: list[int]) -> Vote:
        """What it sees on one label."""
        answer = await self.ask("/v1/score", {"pixels": pixels})
        return Vote(self.name, answer["digit"], answer["receipt"])

    async def read_all(self, pictures: list[list[int]]) -> list[Vote]:
        """What it sees on many, in one call."""
        answer = await self.ask("/v1/batch", {"items": [{"pixels": pixels} for pixels in pictures]})
        return [Vote(self.name, item["digit"], item["receipt"]) for item in answer["items"]]

    async def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            response = await self.client.post(path, json=body)
        except httpx.HTTPError as error:
            raise Failed(f"{self.name}: {error!r}") from None
        if response.status_code != 200:
            raise Failed(f"{self.name}: answered {response.status_code}")
        answer: dict[str, Any] = response.json()
        return answer
