"""What changed since a page last heard. Parts have names; each keeps the number of the change that made it what it is,
so that a page that was away, or is slow, is told the newest of everything it missed, once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class News:
    """Attributes:
    version: number of the last change told of.
    parts: those that are new or changed; `gone`: names of those that are no more.
    """

    version: int
    parts: Mapping[str, Any]
    gone: tuple[str, ...]


class Feed:
    """The parts of one page, written by one thread and waited for by many."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._parts: dict[str, tuple[int, Any]] = {}
        self._gone: dict[str, int] = {}
        self._version = 0
        self._closed = False

    def publish(self, parts: Mapping[str, Any]) -> None:
        """All parts as they are now."""
        with self._changed:
            version = self._version + 1
            news = {
                name: (version, part) for name, part in parts.items() if self._parts.get(name, (0, None))[1] != part
            }
            gone = {name: version for name in self._parts if name not in parts}
            if not news and not gone:
                return
            kept = {name: part for name, part in self._parts.items() if name in parts}
            self._parts = kept | news
            self._gone = {name: v for name, v in self._gone.items() if name not in parts} | gone
            self._version = version
            self._changed.notify_all()

    def wait(self, since: int, timeout_s: float) -> News | None:
        """What changed after change number `since` (0: everything); None when nothing did for so long.

        Raises:
            EOFError: the feed is closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._version > since or self._closed, timeout_s)
            if self._closed:
                raise EOFError
            if self._version <= since:
                return None
            parts = {name: part for name, (version, part) in self._parts.items() if version > since}
            return News(self._version, parts, tuple(name for name, version in self._gone.items() if version > since))

    def close(self) -> None:
        """Let everybody who waits go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
