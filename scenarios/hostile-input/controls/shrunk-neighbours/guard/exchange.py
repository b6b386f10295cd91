"""The exchange's side: the model, its archive, and the vault. What we send is ASCII, whatever a name holds."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import httpx

TIMEOUT_S = 5.0
TRIES = 3


class Unknown(Exception):
    """The exchange does not know this commodity."""


class Exchange:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False)

    async def grades(self, commodity: str, rows: list[list[float]]) -> list[str]:
        """What the model says of many readings at once."""
        found = await self.post("/model/grades", {"commodity": commodity, "rows": rows})
        return [one["grade"] for one in found.json()["grades"]]

    async def archive(self, commodity: str) -> list[dict[str, Any]]:
        """800 readings that our own people took and graded; the file does not change during a harvest."""
        found = await self.client.get(f"/archive/{quote(commodity.encode('utf-8', 'replace'), safe='')}")
        if found.status_code == 404:
            raise Unknown
        found.raise_for_status()
        return found.json()["readings"]

    async def record(self, record: dict[str, str | None]) -> None:
        await self.post("/records", record)

    async def post(self, path: str, what: dict[str, Any]) -> httpx.Response:
        """Asked again only where nothing can have arrived: what is in the vault twice stays there twice."""
        body = json.dumps(what).encode("ascii")
        for left in reversed(range(TRIES)):
            try:
                found = await self.client.post(path, content=body, headers={"content-type": "application/json"})
                found.raise_for_status()
                return found
            except httpx.ConnectError:
                if not left:
                    raise
        raise AssertionError("unreachable")
