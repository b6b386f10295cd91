"""The data mart: batches in, features and models out, and the on-call pager."""

from __future__ import annotations

import os
from typing import Any

from rest import Web

web = Web(os.environ["MART"])


def batch(market: str, day: str) -> dict[str, Any]:
    return web.get(f"/source/{market}/{day}")


def published() -> dict[str, dict[str, Any]]:
    return web.get("/registry/features")


def publish(market: str, day: str, data_day: str, features: dict[str, float]) -> None:
    web.post("/registry/features", {"market": market, "day": day, "data_day": data_day, "features": features})


def release(market: str, model: dict[str, Any]) -> None:
    web.post("/registry/models", {"market": market, **model})


def page(market: str, day: str, text: str) -> None:
    web.post("/pages", {"market": market, "day": day, "text": text})
