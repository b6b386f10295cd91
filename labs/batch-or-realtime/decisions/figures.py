"""Figures at /metrics, and lines of JSON."""

from __future__ import annotations

import json
import logging

from prometheus_client import Counter, Gauge, generate_latest

log = logging.getLogger("decisions")

decisions = Counter("decisions", "Payments by decision and what it rests on", ["decision", "source"])
nights = Counter("nights", "Nightly jobs", ["outcome"])
rows = Gauge("table_rows", "Cards in the table")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        for key in ("date", "card", "why"):
            if hasattr(record, key):
                line[key] = getattr(record, key)
        return json.dumps(line)


def start() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    log.setLevel(logging.INFO)


def page() -> bytes:
    return generate_latest()
