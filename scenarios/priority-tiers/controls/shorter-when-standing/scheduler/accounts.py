"""Whose a key is: tenant, tier and quota, as the accounts have it and not as the tenant says."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import quote

import httpx

FRESH_S = 30.0  # an account does not change within a minute
UNKNOWN_S = 5.0  # a key that is new today works soon
MOST_UNKNOWN = 10_000


class Unknown(Exception):
    """No account has this key."""


class Unreachable(Exception):
    """The accounts do not answer, and nothing is remembered of this key."""


class Accounts:
    """Remembers accounts, so that a look is made once in a while and not for each picture."""

    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=0.8, trust_env=False)
        self.known: dict[str, tuple[float, dict[str, Any]]] = {}
        self.unknown: dict[str, float] = {}
        self.looks: dict[str, asyncio.Task[dict[str, Any]]] = {}

    async def find(self, key: str) -> dict[str, Any]:
        """The account of a key. Raises Unknown, or Unreachable."""
        now = time.monotonic()
        if not key or now - self.unknown.get(key, -UNKNOWN_S) < UNKNOWN_S:
            raise Unknown
        at, account = self.known.get(key, (0.0, None))
        if account is not None and now - at < FRESH_S:
            return account
        look = self.looks.get(key)
        if look is None:  # pictures that come together share one look
            look = self.looks[key] = asyncio.create_task(self.look(key))
            look.add_done_callback(lambda _: self.looks.pop(key, None))
        try:
            return await asyncio.shield(look)
        except (httpx.HTTPError, ValueError) as error:
            if account is not None:  # better an old quota than none served
                return account
            raise Unreachable from error

    async def look(self, key: str) -> dict[str, Any]:
        response = await self.client.get(f"/accounts/{quote(key, safe='')}")
        if response.status_code == 404:
            self.known.pop(key, None)
            if len(self.unknown) >= MOST_UNKNOWN:
                self.unknown.clear()
            self.unknown[key] = time.monotonic()
            raise Unknown
        response.raise_for_status()
        account: dict[str, Any] = response.json()
        self.known[key] = time.monotonic(), account
        return account
