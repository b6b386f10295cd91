"""Figures at /metrics, and a line of JSON for each picture that was late or refused."""

from __future__ import annotations

import json
import logging

from prometheus_client import Counter, Gauge, generate_latest

log = logging.getLogger("scheduler")

captions = Counter("captions", "Pictures answered or refused", ["tier", "code"])
strangers = Counter("captions_strangers", "Pictures with a key of nobody, or of whom the accounts did not tell")
waiting = Gauge("captions_waiting", "Pictures in the queue", ["tier"])
for _tier in ("premium", "free"):
    waiting.labels(_tier).set(0)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        for key in ("tenant", "tier", "why"):
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
