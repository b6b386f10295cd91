"""Shelves of promises: one for each edition of the articles.

A promise is a future: kept once its answer is there, and shared by all who ask before that. So there is one structure for
"known" and for "somebody is at it already". A new edition is a new, empty shelf. The old one is not cleaned up but let
go, and whatever is still written to it is read by nobody.

Whether the shelf is the newest is asked when a question comes, not by a clock: if nobody asks us, we ask nobody.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import Future
from typing import Any

STUCK_S = 1.0  # a promise that took longer is made anew
SHELF_S = 60.0  # no shelf gets older
UNSURE_S = 0.5  # nor, while nobody tells us the revision, older than this
MOST = 3000


class Shelf:
    """What is known, and what is being found, of one edition; of an unknown one if `revision` is None."""

    def __init__(self, revision: int | None) -> None:
        self.revision = revision
        self.born = time.monotonic()
        self._lock = threading.Lock()
        self._promises: OrderedDict[Hashable, tuple[float, Future[Any]]] = OrderedDict()

    def promise(self, key: Hashable) -> tuple[Future[Any], bool]:
        """The promise for a key, and whether it is new: then the caller has to see to it that it is kept."""
        now = time.monotonic()
        with self._lock:
            made, promise = self._promises.get(key, (0.0, None))
            if promise is not None and (promise.done() or now - made < STUCK_S):
                self._promises.move_to_end(key)
                return promise, False
            promise = Future()
            promise.set_running_or_notify_cancel()  # from here on nobody who waits can cancel it for the others
            self._promises[key] = (now, promise)
            self._promises.move_to_end(key)
            while len(self._promises) > MOST:
                self._promises.popitem(last=False)
            return promise, True

    def forget(self, key: Hashable, promise: Future[Any]) -> None:
        with self._lock:
            if self._promises.get(key, (0.0, None))[1] is promise:
                del self._promises[key]


class Library:
    """Which shelf is the current one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelf = Shelf(None)
        self._confirmed = 0.0

    def unsure_for(self) -> float:
        """Seconds since the shelf was last known to be the newest."""
        return time.monotonic() - self._confirmed

    def shelf(self, lease_s: float) -> Shelf:
        """The shelf to use now. It was confirmed within the last `lease_s`, or is a very young one."""
        now = time.monotonic()
        with self._lock:
            age = now - self._shelf.born
            if now - self._confirmed > lease_s:
                if age > UNSURE_S:
                    self._shelf = Shelf(None)
            elif age > SHELF_S:
                self._shelf = Shelf(self._shelf.revision)
            return self._shelf

    def saw(self, revision: int, asked: float, *, may_go_back: bool = False) -> None:
        """Somebody who asked at `asked` was told this revision.

        One that is lower means that search began anew, if it comes from `GET /revision`; from a query's result it can
        be a straggler.
        """
        with self._lock:
            known = self._shelf.revision
            if known is not None and revision < known and (not may_go_back or asked < self._shelf.born):
                return
            if revision != known:
                self._shelf = Shelf(revision)
            self._confirmed = max(self._confirmed, asked)
