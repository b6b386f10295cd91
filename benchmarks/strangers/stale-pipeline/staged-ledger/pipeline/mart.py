"""The data mart's interface, and nothing but that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rest import Web
from settings import SETTINGS

web = Web(SETTINGS.mart)


def contracts() -> dict[str, Any]:
    return web.get("/source/contracts")


def batch(market: str, day: str) -> Any:
    return web.get(f"/source/{market}/{day}")


def audits(day: str) -> dict[str, Any]:
    return web.get(f"/audits/{day}")


def published() -> dict[str, dict[str, Any]]:
    return web.get("/registry/features")


def publish(market: str, day: str, features: dict[str, float]) -> None:
    web.post("/registry/features", {"market": market, "day": day, "data_day": day, "features": features})


def models() -> dict[str, Any]:
    return web.get("/registry/models")


def release(market: str, model: dict[str, Any]) -> None:
    web.post("/registry/models", {"market": market, **model})


def page(market: str, day: str, text: str) -> None:
    web.post("/pages", {"market": market, "day": day, "text": text})


def paged() -> set[tuple[str, str]]:
    return set(_pages(web.get("/pages"), None))


def _pages(node: Any, above: str | None) -> Iterator[tuple[str, str]]:
    """Pages, wherever they are in the answer: in one list, or in lists by market."""
    if isinstance(node, dict) and isinstance(node.get("day"), str):
        yield str(node.get("market", above)), node["day"]
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from _pages(child, key)
    elif isinstance(node, list):
        for child in node:
            yield from _pages(child, above)
