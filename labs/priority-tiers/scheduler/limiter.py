"""So many a second, and then no more."""

from __future__ import annotations

import time

WINDOW_S = 1.0


class Limiter:
    def __init__(self, most: int) -> None:
        self.most = most
        self.since = 0.0
        self.count = 0

    def allows(self) -> bool:
        """Whether one more fits into this window."""
        now = time.monotonic()
        if now - self.since > WINDOW_S:
            self.since, self.count = now, 0
        if self.count >= self.most:
            self.since = now
            return False
        self.count += 1
        return True
