"""Figures at /metrics, and a line of JSON where the jury was not of one mind."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from prometheus_client import Counter, generate_latest
from readers import Vote

log = logging.getLogger("jury")

labels = Counter("labels", "Labels by what the jury said", ["said"])
votes = Counter("votes", "Votes of readers", ["reader", "vote"])


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        return json.dumps({**line, **getattr(record, "more", {})})


def start() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    log.setLevel(logging.INFO)


def voted(cast: Sequence[Vote], digit: int) -> None:
    for vote in cast:
        votes.labels(vote.reader, "with the jury" if vote.digit == digit else "against it").inc()
    if any(vote.digit != digit for vote in cast):
        log.info("not of one mind", extra={"more": {vote.reader: vote.digit for vote in cast}})


def failed(why: str) -> None:
    log.warning("no verdict", extra={"more": {"why": why}})


def page() -> bytes:
    return generate_latest()
