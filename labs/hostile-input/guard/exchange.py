"""The exchange's side: the model, its archive, and the list of suppliers. The vault is at POST /records."""

from __future__ import annotations

from typing import Any

import httpx

TIMEOUT_S = 5.0


class Exchange:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False)
        self.archives: dict[str, list[dict[str, Any]]] = {}

    async def grade(self, commodity: str, bands: list[float]) -> dict[str, Any]:
        """What the model says: {"grade", "confidence"}."""
        return await self.post("/model/grade", {"commodity": commodity, "bands": bands})

    async def grades(self, commodity: str, rows: list[list[float]]) -> list[dict[str, Any]]:
        """The same of many readings at once."""
        found = await self.post("/model/grades", {"commodity": commodity, "rows": rows})
        return found["grades"]

    async def archive(self, commodity: str) -> list[dict[str, Any]]:
        """800 readings that our own people took and graded; the file does not change during a harvest."""
        if commodity not in self.archives:
            found = await self.client.get(f"/archive/{commodity}")
            found.raise_for_status()
            self.archives[commodity] = found.json()["readings"]
        return self.archives[commodity]

    async def registered(self, commodity: str) -> list[str]:
        """Suppliers who have filled in the form."""
        found = await self.client.get(f"/suppliers/{commodity}")
        found.raise_for_status()
        return found.json()["registered"]

    async def post(self, path: str, what: dict[str, Any]) -> Any:
        found = await self.client.post(path, json=what)
        found.raise_for_status()
        return found.json()
