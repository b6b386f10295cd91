"""The two versions of the model."""

from __future__ import annotations

import json
import os
from typing import Any

import httpx

URLS: dict[str, str] = json.loads(os.environ["VERSIONS"])
CONNECTIONS = 24


class Failed(Exception):
    """A version gave no decisions."""


class Models:
    def __init__(self) -> None:
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self.client = httpx.AsyncClient(limits=limits, timeout=None, trust_env=False)

    async def decide(self, version: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Decision, role and receipt of each claim."""
        try:
            response = await self.client.post(URLS[version] + "/v1/batch", json={"items": items})
        except httpx.HTTPError as error:
            raise Failed(f"{version}: {error!r}") from None
        if response.status_code != 200:
            raise Failed(f"{version}: answered {response.status_code}")
        found: list[dict[str, Any]] = response.json()["items"]
        return found
