"""What can be said of two versions from the claims on which exactly one of them is right."""

from __future__ import annotations

import math
from collections import Counter

GRID = 40


def wealth(won: int, lost: int, share: float) -> float:
    """log of the evidence that more than this share is won; valid whenever one looks (a mixture over all more)."""
    logs = []
    for n in range(GRID):
        p = share + (1 - share) * (n + 0.5) / GRID
        logs.append(won * math.log(p / share) + lost * math.log((1 - p) / (1 - share)))
    top = max(logs)
    return top + math.log(sum(math.exp(each - top) for each in logs) / GRID)


class Tally:
    """Claims that were compared: how many, and which version alone was right."""

    def __init__(self) -> None:
        self.many = self.won = self.lost = 0

    def add(self, new: bool, old: bool) -> None:
        self.many += 1
        self.won += new and not old
        self.lost += old and not new

    @property
    def gain(self) -> float:
        return (self.won - self.lost) / self.many if self.many else 0.0


class Alarm:
    """A cumulative sum: loud when the live version loses four of five where it used to win three."""

    LOSS, WIN, LOUD = math.log(0.8 / 0.4), math.log(0.2 / 0.6), 12.0

    def __init__(self) -> None:
        self.level = 0.0
        self.seen: Counter[bool] = Counter()

    def hear(self, live: bool, other: bool) -> None:
        if live != other:
            self.seen[live] += 1
            self.level = max(0.0, self.level + (self.WIN if live else self.LOSS))

    @property
    def loud(self) -> bool:
        return self.level > self.LOUD
