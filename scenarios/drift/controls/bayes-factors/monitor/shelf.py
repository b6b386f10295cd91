"""The books that are open, one a stream. Whoever has a book has it alone; books of different streams do not wait."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from book import Book

OPEN = 240


class Place:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.users = 0
        self.book: Book | None = None
        self.last: tuple[str, str, str | None] | None = None


class Shelf:
    def __init__(self) -> None:
        self._places: OrderedDict[str, Place] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def take(self, stream: str) -> Iterator[Place]:
        with self._lock:
            place = self._places.setdefault(stream, Place())
            self._places.move_to_end(stream)
            place.users += 1
            spare = len(self._places) - OPEN
            if spare > 0:
                for name in [name for name, each in self._places.items() if not each.users][:spare]:
                    del self._places[name]
        try:
            with place.lock:
                yield place
        finally:
            with self._lock:
                place.users -= 1

    def last(self) -> dict[str, tuple[str, str, str | None]]:
        with self._lock:
            return {name: place.last for name, place in self._places.items() if place.last}
