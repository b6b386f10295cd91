"""Wald's sequential probability ratio test on counts: is a ratio of bad events what a good release has, or a bad one?

Each event adds a little to one number, the log likelihood ratio of "bad" against "good". Past the upper bound the
release is condemned; below the lower one it is acquitted for now. The number may not sink far below the lower bound (as
in a CUSUM chart), so that a release which turns bad late is still caught.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

CONDEMNED = math.log(200)
FLOOR = -1.5


@dataclass(frozen=True)
class Kind:
    """A signal: its ratio of bad events in a good release, and the ratio that is not to be missed."""

    name: str
    good: float
    bad: float

    def step(self, bad: float, of: float) -> float:
        """What `bad` among `of` events add to the log likelihood ratio."""
        return bad * math.log(self.bad / self.good) + (of - bad) * math.log((1 - self.bad) / (1 - self.good))


@dataclass
class Tests:
    """One running test a signal and subject (`all`, or a carrier)."""

    scores: dict[str, float] = field(default_factory=dict)

    def add(self, kind: Kind, subject: str, bad: float, of: float) -> None:
        key = f"{kind.name} of {subject}"
        self.scores[key] = max(FLOOR, self.scores.get(key, 0.0) + kind.step(bad, of))

    def condemned(self) -> str:
        """The first test that has crossed the upper bound."""
        return next((f"{key} (evidence {score:.1f})" for key, score in self.scores.items() if score >= CONDEMNED), "")

    def acquitted(self, bound: float, kinds: tuple[Kind, ...], subjects: list[str]) -> bool:
        """Whether these signals of these subjects are all at or below the lower bound."""
        return all(self.scores.get(f"{k.name} of {s}", 0.0) <= bound for k in kinds for s in subjects)
