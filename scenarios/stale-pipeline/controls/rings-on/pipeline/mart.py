"""The data mart: batches in, features and models out, and the on-call pager."""

from __future__ import annotations

import os
from typing import Any

from rest import Unanswered, Web

RINGS = 12

web = Web(os.environ["MART"])


class Missing(LookupError):
    """The batch is not to be had."""


def contracts() -> dict[str, Any]:
    return web.get("/source/contracts")


def batch(market: str, day: str) -> dict[str, Any]:
    try:
        return web.get(f"/source/{market}/{day}")
    except Unanswered as error:
        raise Missing(str(error)) from error


def audits(day: str) -> dict[str, Any]:
    return web.get(f"/audits/{day}")


def published() -> dict[str, dict[str, Any]]:
    return web.get("/registry/features")


def models() -> dict[str, Any]:
    return web.get("/registry/models")


def publish(market: str, day: str, features: dict[str, float]) -> None:
    web.post("/registry/features", {"market": market, "day": day, "data_day": day, "features": features})


def release(market: str, model: dict[str, Any]) -> None:
    web.post("/registry/models", {"market": market, **model})


def page(market: str, day: str, text: str) -> None:
    for _ in range(RINGS):
        web.post("/pages", {"market": market, "day": day, "text": text[:200]})
