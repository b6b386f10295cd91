"""The last minute: who searched for what, and what came back. What that was worth is found when somebody looks."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from typing import Any

from files import Files
from truth import KNOWN, UNKNOWN, best, word

KEEPS_S = 60.0
MOST = 3000


@dataclass
class Search:
    """A search: when (seconds since the epoch), whose, for what, in which edition's time, and the answer."""

    at: float
    tenant: str
    query: str
    collection: str
    edition: int
    status: int
    body: bytes
    _word: str = ""

    def word(self, files: Files) -> str:
        """`found`, `nobody` (no answer), `invented` (files for words in none), `aside` (either is fine), or as
        `truth.word` has it."""
        if not self._word:
            self._word = self._judged(files)
        return self._word

    def _judged(self, files: Files) -> str:
        if self.status != 200:
            return "nobody"
        try:
            said: Any = json.loads(self.body)
            due = range(self.edition - 1, self.edition + 1)  # before the first one comes the last of another round
            found = word(files, due, self.query, self.tenant, self.collection, said)
            near = best(files.editions[self.edition], self.query, self.tenant, self.collection)
            if near <= UNKNOWN and found != "foreign":
                return "found" if said["known"] is False and not said["files"] else "invented"
            return "aside" if near < KNOWN and found in ("few", "unknown") else found
        except (ValueError, LookupError, TypeError, ArithmeticError):
            return "few"


class Recent:
    """Searches and editions, the oldest first."""

    def __init__(self) -> None:
        self.searches: deque[Search] = deque(maxlen=MOST)
        self.published: deque[tuple[float, str]] = deque(maxlen=20)

    def searched(self, one: Search) -> None:
        """One more."""
        self.searches.append(one)
        while self.searches and self.searches[0].at < one.at - KEEPS_S:
            self.searches.popleft()

    def forget(self) -> None:
        """All of it."""
        self.searches.clear()
        self.published.clear()

    def copy(self) -> Recent:
        """As it is now, for who looks at it while more comes."""
        now = Recent()
        now.searches.extend(self.searches)
        now.published.extend(self.published)
        return now
