"""The scorer that we buy from: a card's score now, many cards' scores at night, and the list of cards."""

from __future__ import annotations

from typing import Any

import httpx


class ScorerError(Exception):
    """The scorer did not answer, or with something else than scores."""


class Scorer:
    def __init__(self, url: str, register: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=None, trust_env=False)
        self.register = httpx.AsyncClient(base_url=register, timeout=5.0, trust_env=False)

    async def score(self, card: str) -> dict[str, Any]:
        """One card's score, as of now: {"card", "score", "as_of", "receipt"}. One credit."""
        return await self.ask("/v1/score", {"card": card})

    async def batch(self, cards: list[str]) -> list[dict[str, Any]]:
        """Scores of up to 200 cards."""
        found = await self.ask("/v1/batch", {"items": [{"card": card} for card in cards]})
        rows: list[dict[str, Any]] = found["items"]
        return rows

    async def cards(self, date: str) -> list[str]:
        """All cards that were issued before this day."""
        cards: list[str] = (await self.register.get(f"/cards/{date}")).json()["cards"]
        return cards

    async def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            response = await self.client.post(path, json=body)
        except httpx.HTTPError as error:
            raise ScorerError(repr(error)) from None
        if response.status_code != 200:
            raise ScorerError(f"{path}: {response.status_code}")
        found: dict[str, Any] = response.json()
        return found
