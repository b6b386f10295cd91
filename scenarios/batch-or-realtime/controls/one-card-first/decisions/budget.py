"""What we spent at the scorer in the last 24 hours, and who may still spend."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from clock import DAY

# A purpose may spend only while less than this was spent. The dear purposes stop first,
# so that what is left goes to the payments that are most likely a thief's.
SIGNALS = 96.0  # odd payments: nearly all of today's fraud is among them
NEW_CARD = 88.0  # no table knows the card
STALE_ROW = 45.0  # the night is late: some looks are better than none, but there are many


class Budget:
    def __init__(self) -> None:
        self.spent = 0.0
        self.entries: deque[tuple[datetime, float]] = deque()
        self.now: datetime | None = None

    def tick(self, at: datetime) -> None:
        """Time goes forward only."""
        if self.now is None or at > self.now:
            self.now = at
        while self.entries and self.now - self.entries[0][0] > DAY:
            self.spent -= self.entries.popleft()[1]

    def may(self, most: float) -> bool:
        return self.spent + 1.0 <= most

    def charge(self, credits: float) -> None:
        """Negative to take back what was not billed."""
        assert self.now is not None, "tick first"
        self.entries.append((self.now, credits))
        self.spent += credits
