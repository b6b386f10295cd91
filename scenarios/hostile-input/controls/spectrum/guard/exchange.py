"""The exchange's side: the model, the grain in its archive, and the vault."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

import httpx
from grain import Grain

TIMEOUT_S = 5.0
IDLE_S = 2.0  # we close an idle connection before the other side does


class UnknownCommodity(Exception):
    """The exchange has no archive of it."""


class Exchange:
    def __init__(self, url: str) -> None:
        limits = httpx.Limits(keepalive_expiry=IDLE_S)
        self.client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False, limits=limits)
        self.grains: dict[str, Grain] = {}

    async def grade(self, commodity: str, bands: list[float]) -> str:
        """What the model says."""
        return (await self.post("/model/grade", {"commodity": commodity, "bands": bands})).json()["grade"]

    async def grades(self, commodity: str, rows: list[list[float]]) -> list[dict[str, Any]]:
        """The same of many readings at once, each {"grade", "confidence"}."""
        return (await self.post("/model/grades", {"commodity": commodity, "rows": rows})).json()["grades"]

    async def grain(self, commodity: str) -> Grain:
        """What our own people took; the archive does not change during a harvest."""
        if commodity not in self.grains:
            found = await self.client.get(f"/archive/{quote(commodity, safe='')}")
            if found.is_client_error:
                raise UnknownCommodity
            found.raise_for_status()
            self.grains[commodity] = Grain(found.json()["readings"])
        return self.grains[commodity]

    async def record(self, subject: str | None, supplier: str | None, body: bytes, reason: str) -> None:
        """Put a refusal into the vault, and the same line into the log: nothing else of the body goes anywhere."""
        digest = hashlib.sha256(body).hexdigest()
        record = {"subject": subject, "supplier": supplier, "sha256": digest, "reason": reason}
        print(json.dumps(record), flush=True)
        await self.post("/records", record)

    async def post(self, path: str, what: dict[str, Any]) -> httpx.Response:
        # as ASCII, since a name may hold half of a character
        headers = {"Content-Type": "application/json"}
        found = await self.client.post(path, content=json.dumps(what), headers=headers)
        found.raise_for_status()
        return found
