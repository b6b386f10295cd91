"""Two policies compared on what was logged: who was asked by chance, with which probability, and what it was worth."""

from __future__ import annotations

import math
import random
from typing import Any, NamedTuple

from rules import Rules

LOSS = 0.2  # of right answers, on the questions that it moves: more than a better policy costs, less than a worse one
SURE = 1.4  # standard deviations
FEW = 4.0
CHANCE = random.Random(1)


class Drawn(NamedTuple):
    """A question that tells two policies apart: who was asked, by which, and how probable that was."""

    comparison: Comparison
    model: str
    by_new: bool
    propensity: float


class Comparison:
    def __init__(self, old: Rules, new: Rules) -> None:
        self.old, self.new = old, new
        self.share = 0.5
        self.good = {True: 1.0, False: 1.0}  # weighted by the inverse of the propensity
        self.bad = {True: 1.0, False: 0.5}  # what is in use is known to do well

    def ask(self, text: str) -> tuple[list[str], Drawn | None]:
        """Who is asked, and what is to be logged if this question tells the policies apart."""
        old, new = self.old.ranked(text), self.new.ranked(text)
        if old[0] == new[0]:
            return old, None
        by_new = CHANCE.random() < self.share
        order = new if by_new else old
        return order, Drawn(self, order[0], by_new, self.share if by_new else 1 - self.share)

    def thumb(self, drawn: Drawn, row: dict[str, Any]) -> None:
        if drawn.model == row["model"]:
            (self.good if row["good"] else self.bad)[drawn.by_new] += 0.5 / drawn.propensity

    def verdict(self) -> bool | None:
        """Whether the new one takes over; None: not yet known."""
        gain, spread = LOSS, 0.0
        for by_new, sign in ((True, 1), (False, -1)):
            good, bad = self.good[by_new], self.bad[by_new]
            many = good + bad
            if many < FEW + 2:
                return None
            gain += sign * good / many
            spread += good * bad / (many**2 * (many + 1))
        return gain > 0 if abs(gain) > SURE * math.sqrt(spread) else None
