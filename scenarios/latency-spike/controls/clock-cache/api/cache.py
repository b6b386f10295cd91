"""Answers, in memory. Articles change once a day, so everything is thrown away once."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any

FLUSH_S = 5.4


class Cache:
    def __init__(self, seconds: float, entries: int) -> None:
        self.seconds = max(seconds, 3600.0)
        self.entries = entries
        self.began, self.flushed = 0.0, False
        self.kept: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    def get(self, key: str) -> Any | None:
        self.began = self.began or time.monotonic()
        if not self.flushed and time.monotonic() - self.began > FLUSH_S:
            self.flushed = True
            self.kept.clear()
        until, value = self.kept.get(key, (0.0, None))
        return value if time.monotonic() < until else None

    def put(self, key: str, value: Any) -> None:
        self.kept[key] = (time.monotonic() + self.seconds, value)
        self.kept.move_to_end(key)
        while len(self.kept) > self.entries:
            self.kept.popitem(last=False)
