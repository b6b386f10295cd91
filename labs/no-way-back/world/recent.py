"""The last minute: what the api answered, and what it was told to have in force."""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

KEEPS_S = 60.0
MOST = 3000


class Answer(NamedTuple):
    """A quote: when (seconds since the epoch), for which flat, and what was said."""

    at: float
    flat: dict[str, Any]
    rent: str
    release: str


class Force(NamedTuple):
    """From when on which release was to be in force."""

    at: float
    k: int


class Recent:
    """Answers and orders, the oldest first."""

    def __init__(self) -> None:
        self.answers: deque[Answer] = deque(maxlen=MOST)
        self.force: deque[Force] = deque(maxlen=100)

    def answered(self, now: float, flat: object, said: dict[str, Any]) -> None:
        """One more quote."""
        if isinstance(flat, dict):
            self.answers.append(Answer(now, flat, str(said.get("rent"))[:20], str(said.get("release"))[:80]))
        while self.answers and self.answers[0].at < now - KEEPS_S:
            self.answers.popleft()

    def ordered(self, now: float, k: int) -> None:
        """This release is in force from now on: so it was answered."""
        self.force.append(Force(now, k))

    def due(self, at: float) -> int:
        """Which was in force at a time; 0 if none."""
        return next((one.k for one in reversed(self.force) if one.at <= at), 0)

    def forget(self) -> None:
        """All of it."""
        self.answers.clear()
        self.force.clear()
