"""Prices that were given a while ago."""

from __future__ import annotations

import time
from typing import Any

import figures

KEPT_S = 45 * 60.0

Key = tuple[str, str, str, int]  # site, request, route, seats


class Cache:
    def __init__(self) -> None:
        self.prices: dict[Key, tuple[float, dict[str, Any]]] = {}
        self.known: dict[tuple[str, int], tuple[float, dict[str, Any]]] = {}

    def get(self, key: Key) -> dict[str, Any] | None:
        """The price that this request had, if it comes again."""
        found = fresh(self.prices.get(key))
        figures.cached.labels("hit" if found else "miss").inc()
        return found

    def last_known(self, route: str, seats: int) -> dict[str, Any] | None:
        """The price that anybody had for this trip."""
        return fresh(self.known.get((route, seats)))

    def put(self, key: Key, answer: dict[str, Any]) -> None:
        self.prices[key] = self.known[key[2:]] = (time.monotonic(), answer)


def fresh(kept: tuple[float, dict[str, Any]] | None) -> dict[str, Any] | None:
    return kept[1] if kept and time.monotonic() - kept[0] < KEPT_S else None
