"""What is known of each stream, and the verdict on each of its days."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from calibration import Calibration
from inputs import Inputs
from integrity import Integrity
from warehouse import Warehouse


@dataclass
class Stream:
    integrity: Integrity
    inputs: Inputs
    calibration: Calibration
    broken: set[str] = field(default_factory=set)
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
            self._streams[notice["stream"]] = Stream(Integrity(reference), Inputs(reference), Calibration())
        return self._streams[notice["stream"]]

    def _verdict(self, stream: Stream, batch: dict[str, Any]) -> tuple[str, str | None]:
        outcomes = batch["outcomes"]
        if outcomes and outcomes["date"] not in stream.broken:
            stream.calibration.add(outcomes)
        if column := stream.integrity.broken(batch["columns"]):
            stream.broken.add(batch["date"])
            return "broken", column
        stream.inputs.add(batch)
        if column := stream.inputs.changed():
            return "drift", column
        return ("concept", None) if stream.calibration.lost() else ("ok", None)
