"""Whether a younger score is worth a credit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

UNKNOWN, ODD, PER_HOUR = 1.0, 0.6, 0.008
CREDITS_A_DAY, MOST = 60.0, 25.0


class Worth:
    """A bucket of credits that fills all day: while it is full, smaller chances are bought too."""

    def __init__(self) -> None:
        self.credits = MOST
        self.last: datetime | None = None

    def buys(self, payment: dict[str, Any], row: dict[str, Any] | None) -> bool:
        now = datetime.fromisoformat(payment["at"])
        if self.last is not None and now > self.last:
            self.credits = min(MOST, self.credits + (now - self.last).total_seconds() / 86_400 * CREDITS_A_DAY)
        self.last = now
        level = max(0.0, self.credits) / MOST
        if chance(payment, row, now) < 0.55 - 0.4 * level:
            return False
        self.credits = max(-MOST, self.credits - 1)
        return self.credits > -MOST


def chance(payment: dict[str, Any], row: dict[str, Any] | None, now: datetime) -> float:
    """That the decision would be another one."""
    if row is None:
        return UNKNOWN
    age_h = (now - datetime.fromisoformat(row["as_of"])).total_seconds() / 3600
    return (ODD if payment["signals"] else 0.0) + PER_HOUR * max(0.0, age_h)
