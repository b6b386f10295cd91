"""How far each reader is trusted: by how often it saw of late what the jury said."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from readers import Vote

BEGINS, LEARNS = 0.95, 0.08
LEAST, MOST = 0.15, 0.98
TRUSTED = 0.6
OTHERS = 9  # digits that a wrong vote may be


class Trust:
    def __init__(self, names: Sequence[str]) -> None:
        self.of = dict.fromkeys(names, BEGINS)

    def weight(self, name: str) -> float:
        """Log-odds of its vote."""
        right = min(max(self.of[name], LEAST), MOST)
        return math.log(OTHERS * right / (1 - right))

    def digit(self, votes: Sequence[Vote]) -> int:
        """The digit with the most weight."""
        sums: defaultdict[int, float] = defaultdict(float)
        for vote in votes:
            sums[vote.digit] += self.weight(vote.reader)
        return max(sums, key=lambda digit: sums[digit])

    def sure(self, votes: Sequence[Vote], digit: int, enough: int) -> bool:
        """Whether all that are trusted see it, and they are enough."""
        trusted = [vote for vote in votes if self.of[vote.reader] >= TRUSTED]
        return len(trusted) >= enough and all(vote.digit == digit for vote in trusted)

    def learn(self, votes: Sequence[Vote], digit: int, enough: int) -> None:
        """Nothing is learnt from a label on which too few agree: it may be the label."""
        if sum(vote.digit == digit for vote in votes) < enough:
            return
        for vote in votes:
            self.of[vote.reader] += LEARNS * ((vote.digit == digit) - self.of[vote.reader])
