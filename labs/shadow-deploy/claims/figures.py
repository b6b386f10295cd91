"""Metrics and logs."""

from __future__ import annotations

import json
import logging

from prometheus_client import Counter, generate_latest

claims = Counter("claims", "Claims that were decided", ["version"])
right = Counter("right", "Predictions that a label agreed with", ["version"])
log = logging.getLogger("claims")


def page() -> bytes:
    return generate_latest()


class Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps({"event": record.getMessage(), **getattr(record, "more", {})})


def start() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    log.addHandler(handler)
    log.setLevel(logging.INFO)
