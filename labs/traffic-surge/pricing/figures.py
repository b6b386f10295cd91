"""Figures at /metrics, and lines of JSON."""

from __future__ import annotations

import json
import logging

from prometheus_client import Counter, Gauge, generate_latest

log = logging.getLogger("pricing")

prices = Counter("prices", "Requests by where the price came from", ["source", "code"])
open_now = Gauge("prices_open", "Requests under way")
cached = Counter("cache", "Looks into the cache", ["outcome"])
cpu = Gauge("scaler_cpu", "What the autoscaler reads, a share of one core")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        for key in ("site", "route", "why", "model", "replicas"):
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
