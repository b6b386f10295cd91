"""The data mart: batches and contracts in, features and models out, and the on-call pager."""

from __future__ import annotations

import math
import os
from typing import Any

from rest import Web

web = Web(os.environ["MART"])


def batch(market: str, day: str) -> dict[str, Any]:
    return web.get(f"/source/{market}/{day}")


def contracts() -> dict[str, Any]:
    return web.get("/source/contracts")


def audits(day: str) -> dict[str, Any]:
    return web.get(f"/audits/{day}")


def published() -> dict[str, dict[str, Any]]:
    return web.get("/registry/features")


def publish(market: str, day: str, values: dict[str, float]) -> dict[str, Any]:
    """The revision that is out from now on."""
    revision = {"data_day": day, "features": values}
    web.post(
        "/registry/features",
        {"market": market, "day": day, **revision},
        done=lambda: alike(published().get(market, {}).get(day), values),
    )
    return revision


def alike(revision: dict[str, Any] | None, values: dict[str, float]) -> bool:
    """Whether a revision says the same already."""
    out = (revision or {}).get("features") or {}
    return all(name in out and math.isclose(out[name], value, rel_tol=1e-6) for name, value in values.items())


def models() -> dict[str, Any]:
    return web.get("/registry/models")


def release(market: str, model: dict[str, Any]) -> None:
    web.post("/registry/models", {"market": market, **model}, done=lambda: False)  # twice the same does no harm


def page(market: str, day: str, text: str) -> None:
    web.post("/pages", {"market": market, "day": day, "text": text}, done=lambda: (market, day) in paged())


def paged() -> set[tuple[str, str]]:
    """Markets and days that somebody was paged for. Whether they come as one list or by market makes no difference."""
    found = set()

    def look(at: Any, market: str = "") -> None:
        if isinstance(at, list):
            for each in at:
                look(each, market)
        elif isinstance(at, dict) and isinstance(at.get("day"), str):
            found.add((at.get("market", market), at["day"]))
        elif isinstance(at, dict):
            for name, each in at.items():
                look(each, name)

    look(web.get("/pages"))
    return found
