"""Client of the warehouse: pooled, with retries, and never longer than the caller can wait."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx


class Unavailable(Exception):
    """There was no table in time."""


class Missing(Exception):
    """The warehouse says that there is no such table."""


class Warehouse:
    def __init__(self, url: str, attempt_s: float) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(attempt_s, connect=1.0, pool=attempt_s),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=40, keepalive_expiry=30),
            trust_env=False,
        )

    async def get(self, path: str, deadline: float) -> Any:
        """`deadline` is of `time.monotonic()`."""
        reason = "no time left"
        attempt = 0
        while (left := deadline - time.monotonic()) > 0:
            attempt += 1
            try:
                async with asyncio.timeout(left):
                    response = await self._client.get(path)
                if response.status_code == 200:
                    return response.json()
                reason = f"status {response.status_code}"
                if 400 <= response.status_code < 500 and response.status_code not in (408, 425, 429):
                    raise Missing(f"{path}: {reason}")
            except (httpx.HTTPError, TimeoutError, ValueError) as error:
                reason = repr(error)
            await asyncio.sleep(min(0.02 * 2**attempt, 0.4, max(0.0, deadline - time.monotonic())))
        raise Unavailable(f"{path}: {reason}")

    async def close(self) -> None:
        await self._client.aclose()
