"""What we have spent at the scorer in the last 24 hours of its days, and who may still spend."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime

from clock import DAY

SINGLE = 1.0  # credits
PER_CARD = 0.03  # credits for a card in a batch
SUSPECT_UP_TO = 96.0  # of 100 credits a day: what questions in flight and a shift of the clocks need stays free
SPARE_UP_TO = 72.0  # for payments that are only unclear, so that odd ones can be asked about until the evening


class Budget:
    def __init__(self) -> None:
        self.entries: deque[tuple[datetime, float]] = deque()
        self.now = datetime.min.replace(tzinfo=UTC)

    def seen(self, when: datetime) -> None:
        """The latest time that anybody has told us is our clock."""
        self.now = max(self.now, when)

    def spend(self, credits: float) -> None:
        """Book credits now; a negative sum gives back what was not billed."""
        self.entries.append((self.now, credits))

    def spent(self) -> float:
        while self.entries and self.now - self.entries[0][0] > DAY:
            self.entries.popleft()
        return sum(credits for _, credits in self.entries)

    def allows(self, up_to: float) -> bool:
        return self.spent() + SINGLE <= up_to
