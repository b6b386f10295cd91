"""Whose a key is: tenant, tier and quota."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx


class Unknown(Exception):
    """No account has this key."""


class Accounts:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=2.0, trust_env=False)

    async def find(self, key: str) -> dict[str, Any]:
        """The account of a key."""
        if not key:
            raise Unknown
        response = await self.client.get(f"/accounts/{quote(key, safe='')}")
        if response.status_code != 200:
            raise Unknown
        account: dict[str, Any] = response.json()
        return account
