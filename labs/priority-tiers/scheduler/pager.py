"""Whether somebody has to get up."""

from __future__ import annotations

import time
from collections import deque

WINDOW_S = 300.0
MOST = 0.02


class Pager:
    def __init__(self) -> None:
        self.answers: deque[tuple[float, bool]] = deque()

    def answered(self, status: int) -> None:
        now = time.monotonic()
        self.answers.append((now, status == 200))
        while self.answers[0][0] < now - WINDOW_S:
            self.answers.popleft()

    def state(self) -> str:
        """`burning` if more than 2 % of the last five minutes' pictures got no text."""
        bad = sum(not fine for _, fine in self.answers)
        return "burning" if self.answers and bad > MOST * len(self.answers) else "ok"
