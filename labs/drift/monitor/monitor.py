"""What is known of each stream, and the verdict on each of its days."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

from columns import changed
from quality import degraded
from warehouse import Warehouse

WINDOW = 7


@dataclass
class Stream:
    kinds: dict[str, str]
    recent: deque[dict[str, Any]]
    last: tuple[str, str, str | None] = ("", "ok", None)


class Monitor:
    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._streams: dict[str, Stream] = {}
        self._lock = threading.Lock()

    def judge(self, notice: dict[str, str]) -> tuple[str, str | None]:
        batch = self._warehouse.get(notice["batch"])
        with self._lock:
            stream = self._stream(notice)
            verdict, column = self._verdict(stream, batch)
            stream.recent.append(batch["columns"])
            stream.last = (notice["date"], verdict, column)
        if verdict != "ok":
            print(f"{notice['date']} {notice['domain']} {notice['stream']}: {verdict} {column or ''}")
        return verdict, column

    def overview(self) -> dict[str, Any]:
        with self._lock:
            return {name: stream.last for name, stream in self._streams.items()}

    def _stream(self, notice: dict[str, str]) -> Stream:
        if notice["stream"] not in self._streams:
            reference = self._warehouse.get(notice["reference"])
            recent = deque((day["columns"] for day in reference["days"][-WINDOW:]), maxlen=WINDOW)
            self._streams[notice["stream"]] = Stream(reference["kinds"], recent)
        return self._streams[notice["stream"]]

    def _verdict(self, stream: Stream, batch: dict[str, Any]) -> tuple[str, str | None]:
        for column, kind in stream.kinds.items():
            if column not in batch["columns"]:
                return "broken", column
            before = [value for day in stream.recent for value in day.get(column, [])]
            if changed(kind, before, batch["columns"][column]):
                return "drift", column
        if batch["outcomes"] and degraded(batch["outcomes"]):
            return "concept", None
        return "ok", None
