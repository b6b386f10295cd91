"""What is known of the runs: what they were asked, how they ended, the end of what they said."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

LOG_BYTES = 8192
MAX_RUNS = 4096
_NAME = re.compile(r"[a-zA-Z0-9._-]{1,64}")
AT_LIMIT = ("kill", "full")


class BadOrder(ValueError):
    """An order that makes no sense; the message says what was expected."""


@dataclass(frozen=True)
class Order:
    """One run to start: its name, the arguments of the entry point, and how large a file it may write.

    `file_limit` is in bytes; at it, the run dies in mid-write (`kill`), or the write fails as on a full disk (`full`).
    """

    name: str
    arguments: dict[str, Any]
    file_limit: int | None = None
    at_limit: str = "kill"


@dataclass
class Run:
    """One run. Times from the steady clock, in seconds."""

    order: Order
    pid: int
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    code: int | None = None
    signal: int | None = None
    killed: int = 0
    kill_at: float | None = None
    log: bytes = b""

    @property
    def running(self) -> bool:
        return self.ended is None

    def said(self, output: bytes) -> None:
        """Keep the end of its output."""
        self.log = (self.log + output)[-LOG_BYTES:]

    def summary(self, *, log: bool) -> dict[str, Any]:
        """As the API shows it."""
        ended = time.monotonic() if self.ended is None else self.ended
        shown = {
            "name": self.order.name,
            "state": "running" if self.running else "ended",
            "code": self.code,
            "signal": self.signal,
            "killed": self.killed,
            "seconds": round(ended - self.began, 3),
        }
        return shown | ({"log": self.log.decode("utf-8", "replace")} if log else {})


def parse(body: bytes) -> Order:
    """The order in a request's body.

    Raises:
        BadOrder: it is none.
    """
    raw = as_object(body)
    name, arguments, limit = raw.get("name"), raw.get("arguments", {}), raw.get("file_limit")
    at_limit = raw.get("at_limit", "kill")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadOrder("name: 1 to 64 letters, digits, dots, dashes")
    if not isinstance(arguments, dict):
        raise BadOrder("arguments: an object")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 0):
        raise BadOrder("file_limit: bytes, or null")
    if at_limit not in AT_LIMIT:
        raise BadOrder(f"at_limit: one of {', '.join(AT_LIMIT)}")
    return Order(name, arguments, limit, at_limit)


def as_object(body: bytes) -> dict[str, Any]:
    """A JSON object; nothing at all is an empty one. BadOrder if it is something else."""
    try:
        raw = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise BadOrder("expected JSON") from None
    if not isinstance(raw, dict):
        raise BadOrder("expected an object")
    return raw
