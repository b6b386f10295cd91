"""Answers of the last moments, in memory. Articles change, so nothing is kept longer than `seconds`."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any


class Cache:
    def __init__(self, seconds: float, entries: int) -> None:
        self.seconds = seconds
        self.entries = entries
        self.kept: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    def get(self, key: str) -> Any | None:
        until, value = self.kept.get(key, (0.0, None))
        return value if time.monotonic() < until else None

    def put(self, key: str, value: Any) -> None:
        self.kept[key] = (time.monotonic() + self.seconds, value)
        self.kept.move_to_end(key)
        while len(self.kept) > self.entries:
            self.kept.popitem(last=False)
