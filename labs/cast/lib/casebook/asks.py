"""What a world's players are given: a way to ask, to tell, and the time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from casebook import client
from casebook.book import Book
from casebook.client import Reply

_Case = TypeVar("_Case")
LONGEST_S = 60.0


class On:
    """The season that is being played."""

    def __init__(self, book: Book, services: Mapping[str, str]) -> None:
        self.calls = 0
        self._book = book
        self._services = services
        self._begun = time.monotonic()

    async def ask(self, service: str, method: str, path: str, body: Any = None, timeout_s: float = 5.0) -> Reply:
        """Ask a service of the candidate's, named in SERVICES; `body` is sent as JSON, or as it is if it is bytes.
        Whatever the service does, there is a reply within `timeout_s` (60 at most)."""
        self.calls += 1
        return await client.ask(self._services[service], method, path, body, min(timeout_s, LONGEST_S))

    def tell(self, case: str, aspect: str, word: str, note: object = "") -> None:
        """Answer the next question about a case under an aspect; LookupError if the plan does not ask for it."""
        self._book.tell(case, aspect, word, note)

    def tell_rest(self, case: str, word: str, note: object = "") -> None:
        """The same answer to all that is asked of a case and not told yet: after a crash, or no document."""
        self._book.tell_rest(case, word, note)

    @property
    def now(self) -> float:
        """Seconds since the season began."""
        return time.monotonic() - self._begun


def in_lanes(cases: Iterable[_Case], count: int) -> list[list[_Case]]:
    """Cases spread over `count` lanes, one after the other."""
    whole = list(cases)
    return [whole[lane::count] for lane in range(count)]
