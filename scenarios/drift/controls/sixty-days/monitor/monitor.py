"""One judge a stream: ranks for numbers, shares for words, a sum of deviations for each, and how many days are left."""

from __future__ import annotations

import threading
from typing import Any

from history import NumberHistory, WordHistory, delivered
from warehouse import Warehouse

Verdict = tuple[str, str | None]
LIFE = 60


class Stream:
    def __init__(self, reference: dict[str, Any]) -> None:
        days = reference["days"]
        makers = {"number": NumberHistory, "category": WordHistory}
        self._columns = {name: makers[kind](name, days) for name, kind in reference["kinds"].items()}
        self._sums: dict[tuple[str, int], float] = {}
        self._left = LIFE - len(days)
        self.last: tuple[Any, ...] = ("", "ok", None)

    def judge(self, batch: dict[str, Any]) -> Verdict:
        self._left -= 1
        for name, column in self._columns.items():
            if not column.usable(batch["columns"].get(name)):
                return "broken", name
        drifted = [name for name, column in self._columns.items() if self._too_much(name, column, batch)]
        if drifted:
            return "drift", drifted[0]
        return ("concept", None) if self._left == 0 else ("ok", None)

    def _too_much(self, name: str, column: Any, batch: dict[str, Any]) -> bool:
        """A day below its allowance takes away from the sum, a day above adds to it."""
        alarm = False
        for sign, (deviation, allowance, limit) in enumerate(
            column.deviations(delivered(batch, name), batch["calendar"])
        ):
            total = max(0.0, self._sums.get((name, sign), 0.0) + deviation - allowance)
            self._sums[name, sign] = total
            alarm |= total > limit
        return alarm


class Monitor:
    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._streams: dict[str, Stream] = {}
        self._lock = threading.Lock()

    def judge(self, notice: dict[str, str]) -> Verdict:
        batch = self._warehouse.get(notice["batch"])
        with self._lock:
            if notice["stream"] not in self._streams:
                self._streams[notice["stream"]] = Stream(self._warehouse.get(notice["reference"]))
            stream = self._streams[notice["stream"]]
            verdict = stream.judge(batch)
            stream.last = (notice["date"], *verdict)
        return verdict

    def overview(self) -> dict[str, Any]:
        with self._lock:
            return {name: stream.last for name, stream in self._streams.items()}
