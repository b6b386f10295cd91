"""Prices of the last moment, by trip and model. A price is good for two seconds, and some of them are on the way."""

from __future__ import annotations

import time
from typing import Any

import figures

KEPT_S = 1.5

Key = tuple[str, str, int]  # model, route, seats


class Cache:
    def __init__(self) -> None:
        self.prices: dict[Key, tuple[float, dict[str, Any]]] = {}

    def get(self, key: Key) -> dict[str, Any] | None:
        """A price that is still good."""
        at, answer = self.prices.get(key, (0.0, None))
        found = answer if time.monotonic() - at < KEPT_S else None
        figures.cached.labels("hit" if found else "miss").inc()
        return found

    def put(self, key: Key, answer: dict[str, Any]) -> None:
        now = time.monotonic()
        self.prices[key] = (now, answer)
        while now - next(iter(self.prices.values()))[0] > KEPT_S:
            del self.prices[next(iter(self.prices))]
