"""Figures at /metrics, and a line of JSON for each decision."""

from __future__ import annotations

import json
import logging

from prometheus_client import Counter, generate_latest

log = logging.getLogger("router")

answers = Counter("answers", "Questions answered", ["model"])
thumbs = Counter("thumbs", "Users' thumbs", ["model", "thumb"])


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        return json.dumps({**line, **getattr(record, "more", {})})


def start() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    log.setLevel(logging.INFO)


def decided(ticket: str, policy: int, model: str) -> None:
    log.info("decided", extra={"more": {"ticket": ticket, "policy": policy, "model": model}})


def page() -> bytes:
    return generate_latest()
