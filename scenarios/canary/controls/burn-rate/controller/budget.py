"""Error budgets by subject, and how fast they burn.

Burn rate = ratio of bad events / ratio that the budget allows. A guard fires when both a short and a long window burn
too fast: the long one says that it matters, the short one that it still goes on.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

Reading = dict[tuple[str, str], tuple[float, float]]


@dataclass(frozen=True)
class Guard:
    """A budget of bad events (ratio), the burn rate that is too fast, and how many bad events must be behind it."""

    signal: str
    allowed: float
    rate: float
    least: int


GUARDS = (
    Guard("errors", 0.02, 4, 4),
    Guard("slow", 0.03, 4, 5),
    Guard("wrong", 0.08, 3, 5),
    Guard("carrier", 0.05, 5, 3),
)
SHORT_S, LONG_S = 1.2, 4.0


@dataclass
class Windows:
    """Readings (bad, all) by signal and subject over the last seconds."""

    kept: deque[tuple[float, Reading]] = field(default_factory=deque)

    def add(self, reading: Reading) -> None:
        now = time.monotonic()
        self.kept.append((now, reading))
        while now - self.kept[0][0] > LONG_S + 1:
            self.kept.popleft()

    def burning(self) -> str:
        """The first guard that fires, as text."""
        if not self.kept:
            return ""
        for signal, subject in self.kept[-1][1]:
            guard = next(g for g in GUARDS if g.signal == signal)
            bad, long_rate = self._burn(guard, subject, LONG_S)
            _, short_rate = self._burn(guard, subject, SHORT_S)
            if bad >= guard.least and long_rate >= guard.rate and short_rate >= guard.rate / 2:
                return f"{signal} of {subject} burn at {long_rate:.0f}x"
        return ""

    def _burn(self, guard: Guard, subject: str, seconds: float) -> tuple[float, float]:
        latest, now = self.kept[-1]
        earliest = next(reading for at, reading in self.kept if latest - at <= seconds)
        key = guard.signal, subject
        bad, of = (later - before for later, before in zip(now[key], earliest.get(key, (0, 0)), strict=True))
        return bad, bad / of / guard.allowed if of else 0.0
