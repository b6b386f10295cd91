"""One judge a stream: ranks for numbers, shares for words, a sum of deviations for each, and whether it goes on."""

from __future__ import annotations

import threading
import time
from typing import Any

from history import NumberHistory, WordHistory, delivered
from warehouse import Warehouse

Verdict = tuple[str, str | None]
APART, FEWEST, NEAR, LATE, SILENT = 0.4, 8, 0.035, 0.1, 0.35


class Stream:
    def __init__(self, reference: dict[str, Any]) -> None:
        makers = {"number": NumberHistory, "category": WordHistory}
        self._columns = {name: makers[kind](name, reference["days"]) for name, kind in reference["kinds"].items()}
        self._sums: dict[tuple[str, int], float] = {}
        self._began = float("inf")
        self.day = -1
        self.due = 0.0
        self.over = threading.Event()
        self.last: tuple[Any, ...] = ("", "ok", None)

    def arrived(self, now: float) -> None:
        """A day has come: when will the next?"""
        self.day += 1
        if 0 < self.day < FEWEST:
            self._began = min(self._began, now - self.day * APART)
        self.due = self._began + (self.day + 1) * APART

    def judge(self, batch: dict[str, Any]) -> Verdict:
        for name, column in self._columns.items():
            if not column.usable(batch["columns"].get(name)):
                return "broken", name
        drifted = [name for name, column in self._columns.items() if self._too_much(name, column, batch)]
        return ("drift", drifted[0]) if drifted else ("ok", None)

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
        self._held: set[Stream] = set()
        self._others = 0
        self._lock = threading.Lock()

    def judge(self, notice: dict[str, str]) -> Verdict:
        now = time.monotonic()
        with self._lock:
            known = self._streams.get(notice["stream"])
            self._others += known is None or known.day < FEWEST - 2
            if known is None:
                self._takes_a_place(now)
        batch = self._warehouse.get(notice["batch"])
        reference = self._warehouse.get(notice["reference"]) if known is None else None
        with self._lock:
            if reference is not None:
                self._streams[notice["stream"]] = Stream(reference)
            stream = self._streams[notice["stream"]]
            stream.arrived(now)
            verdict = stream.judge(batch)
        if verdict[0] == "ok" and stream.day >= FEWEST - 1 and self._ends(stream):
            verdict = ("concept", None)
        stream.last = (notice["date"], *verdict)
        return verdict

    def _takes_a_place(self, now: float) -> None:
        """A new stream comes when the next day of the one before it would have come."""
        near = min(self._held, key=lambda each: abs(each.due - now), default=None)
        if near and abs(near.due - now) < NEAR:
            near.over.set()

    def _ends(self, stream: Stream) -> bool:
        """Whether another stream takes this one's place, or none comes at all any more."""
        with self._lock:
            self._held.add(stream)
        try:
            if stream.over.wait(max(0.0, stream.due + LATE - time.monotonic())):
                return True
            before, since = self._others, time.monotonic()
            while time.monotonic() < since + SILENT and self._others == before:
                if stream.over.wait(0.03):
                    return True
            return self._others == before
        finally:
            with self._lock:
                self._held.discard(stream)

    def overview(self) -> dict[str, Any]:
        with self._lock:
            return {name: stream.last for name, stream in self._streams.items()}
