"""What is known of the runs: what they were asked, how they ended, the end of what they said."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field, replace
from typing import Any

import papers
import surroundings
from surroundings import Surroundings

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
    `folder`: the name of a folder of its own, where `files` are written before it and `collect` is read after it; else
    empty. `entry`: a sealed entry point in place of the candidate's.
    """

    name: str
    arguments: dict[str, Any]
    file_limit: int | None = None
    at_limit: str = "kill"
    files: dict[str, str] = field(default_factory=dict)
    collect: tuple[str, ...] = ()
    folder: str = ""
    entry: str = ""
    surroundings: Surroundings | None = None


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
    collected: dict[str, str] = field(default_factory=dict)
    witness: Any = None

    @property
    def running(self) -> bool:
        return self.ended is None

    def said(self, output: bytes) -> None:
        """Keep the end of its output."""
        self.log = (self.log + output)[-LOG_BYTES:]

    def summary(self, *, log: bool) -> dict[str, Any]:
        """As the API shows it."""
        ended = time.monotonic() if self.ended is None else self.ended
        shown: dict[str, Any] = {
            "name": self.order.name,
            "state": "running" if self.running else "ended",
            "code": self.code,
            "signal": self.signal,
            "killed": self.killed,
            "seconds": round(ended - self.began, 3),
        }
        if not log:
            return shown
        shown["log"] = self.log.decode("utf-8", "replace")
        if self.order.collect:
            shown["files"] = self.collected
        if self.order.surroundings is not None:
            shown["witness"] = self.witness
        return shown


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
    return _with_papers(Order(name, arguments, limit, at_limit), raw)


def _with_papers(order: Order, raw: dict[str, Any]) -> Order:
    """An order with what came later into the form of an order."""
    try:
        around = surroundings.parse(raw.get("surroundings"))
        files, collect = papers.files_of(raw.get("files", {})), papers.names_of(raw.get("collect", []))
    except ValueError as error:
        raise BadOrder(str(error)) from None
    folder, entry = raw.get("folder", order.name if files or collect else ""), raw.get("entry", "")
    if not isinstance(folder, str) or (folder and not _NAME.fullmatch(folder)) or folder in (".", ".."):
        raise BadOrder("folder: 1 to 64 letters, digits, dots, dashes")
    if not isinstance(entry, str):
        raise BadOrder("entry: module:function, one of ENTRIES")
    if (files or collect) and not folder:
        raise BadOrder("folder: files are written into one, and collected from it")
    return replace(order, files=files, collect=collect, folder=folder, entry=entry, surroundings=around)


def as_object(body: bytes) -> dict[str, Any]:
    """A JSON object; nothing at all is an empty one. BadOrder if it is something else."""
    try:
        raw = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise BadOrder("expected JSON") from None
    if not isinstance(raw, dict):
        raise BadOrder("expected an object")
    return raw
