"""The data mart, as it is seen and as it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
from rest import ask


class Mart:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def contracts(self) -> dict[str, Any]:
        return await ask(self._client, "GET", "/source/contracts")

    async def batch(self, market: str, day: str) -> Any:
        return await ask(self._client, "GET", f"/source/{market}/{day}")

    async def audits(self, day: str) -> dict[str, Any]:
        return await ask(self._client, "GET", f"/audits/{day}")

    async def features(self) -> dict[str, dict[str, Any]]:
        return await ask(self._client, "GET", "/registry/features")

    async def models(self) -> dict[str, Any]:
        return await ask(self._client, "GET", "/registry/models")

    async def pages(self) -> set[tuple[str, str]]:
        return set(_pages(await ask(self._client, "GET", "/pages"), ""))

    async def publish(self, market: str, day: str, features: dict[str, float]) -> None:
        what = {"market": market, "day": day, "data_day": day, "features": features}
        await ask(self._client, "POST", "/registry/features", what)

    async def release(self, market: str, model: dict[str, Any]) -> None:
        await ask(self._client, "POST", "/registry/models", {"market": market, **model})

    async def page(self, market: str, day: str, text: str) -> None:
        await ask(self._client, "POST", "/pages", {"market": market, "day": day, "text": text})


def _pages(found: Any, name: str) -> Iterator[tuple[str, str]]:
    """(market, day) of each page; they may be in one list, or by market."""
    match found:
        case {"day": str(day)}:
            yield found.get("market", name), day
        case dict():
            for name, each in found.items():
                yield from _pages(each, name)
        case list():
            for each in found:
                yield from _pages(each, name)
