"""What the questions of the last seconds cost, whoever answered them: a question is a ticket of a user, however many
models were asked for it."""

from __future__ import annotations

import math
import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from casebook.calls import Call

PRICES = {"mini": 1, "base": 4, "max": 24}  # credits an answer, as in compose.yaml
LONGEST_S, SHORTEST_S = 60.0, 0.1


class Asked(NamedTuple):
    """A call: when a model began to answer it (s), what that costs, and whether it is the first for its question."""

    at: float
    credits: int
    first: bool


class Bill:
    """The calls of the last minute."""

    def __init__(self) -> None:
        self._calls: deque[Asked] = deque()

    def asked(self, model: str, *, first: bool) -> None:
        """A model answers a call. `first`: nobody was asked for this question before, and it is a user's."""
        now = time.monotonic()
        self._calls.append(Asked(now, PRICES[model], first))
        while self._calls[0].at < now - LONGEST_S:
            self._calls.popleft()

    def page(self, call: Call) -> dict[str, float]:
        """`GET ?seconds=1.5`: questions, and credits of all calls, of so many seconds. ValueError: no such number."""
        seconds = float(call.query.get("seconds", "1.5"))
        if not (math.isfinite(seconds) and SHORTEST_S <= seconds <= LONGEST_S):
            raise ValueError(f"seconds must be from {SHORTEST_S:g} to {LONGEST_S:g}")
        lately = [each for each in self._calls if each.at > time.monotonic() - seconds]
        questions, credits = sum(each.first for each in lately), sum(each.credits for each in lately)
        return {"questions": questions, "credits": credits, "credits_a_question": round(credits / max(1, questions), 2)}
