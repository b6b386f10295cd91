"""The models behind the router, and one call to one of them."""

from __future__ import annotations

import json
import os
from typing import Any

import httpx

TIMEOUT_S = 10.0
URLS: dict[str, str] = json.loads(os.environ["MODELS"])


class Failed(Exception):
    """A model gave no answer."""


class Models:
    def __init__(self) -> None:
        self.clients = {
            name: httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False) for name, url in URLS.items()
        }

    async def ask(self, model: str, ticket: str, text: str) -> dict[str, Any]:
        """Answer and receipt."""
        try:
            response = await self.clients[model].post("/v1/score", json={"ticket": ticket, "text": text})
        except httpx.HTTPError as error:
            raise Failed(f"{model}: {error!r}") from None
        if response.status_code != 200:
            raise Failed(f"{model}: answered {response.status_code}")
        found: dict[str, Any] = response.json()
        return found
