"""Values in memory. Keys name the edition, so a new one finds nothing of the old; `seconds` bounds all else."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any


class Cache:
    def __init__(self, seconds: float, entries: int) -> None:
        self.seconds = seconds
        self.entries = entries
        self.kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def get(self, key: Hashable) -> Any | None:
        until, value = self.kept.get(key, (0.0, None))
        if time.monotonic() >= until:
            self.kept.pop(key, None)
            return None
        self.kept.move_to_end(key)
        return value

    def put(self, key: Hashable, value: Any) -> None:
        self.kept[key] = (time.monotonic() + self.seconds, value)
        self.kept.move_to_end(key)
        while len(self.kept) > self.entries:
            self.kept.popitem(last=False)

    def clear(self) -> None:
        self.kept.clear()
