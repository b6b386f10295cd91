"""What thumbs say about one thing that is tried: a policy's moves, or a model's version.

A sequential test: each thumb is weighed by how much likelier it is if the thing is well (WELL of its
answers are right) than if it is not (ILL are). The score is held between two bounds, so what
was good for long is still found out within a few thumbs.
"""

from __future__ import annotations

import math

WELL, ILL = 0.95, 0.5
UP, DOWN = math.log(WELL / ILL), math.log((1 - WELL) / (1 - ILL))  # +0.64, -2.3
ACCEPT, REJECT = 6.0, -5.0  # wrong about once in 400, and once in 150
TRYING, GOOD, BAD = "trying", "good", "bad"


class Evidence:
    def __init__(self, name: str, state: str = TRYING) -> None:
        self.name = name
        self.state = state
        self.score = 0.0
        self.thumbs = [0, 0]  # down, up

    def count(self, good: bool) -> bool:
        """Weigh one thumb; true if it decided something."""
        self.thumbs[good] += 1
        self.score = max(REJECT, min(ACCEPT, self.score + (UP if good else DOWN)))
        before = self.state
        if self.score >= ACCEPT:
            self.state = GOOD
        elif self.score <= REJECT:
            self.state = BAD
        return self.state != before
