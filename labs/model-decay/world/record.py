"""What happened at a depot so far: which model was live when, and what was said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from casebook.shapes import fits
from depots import HISTORY, INPUTS, LATE, Depot, decisions

WINDOW = 14
"""Days with outcomes over which accuracy is told."""

FIT, NEAR = 0.06, 0.05
"""How far a fit model may lie below the best possible; how far a told accuracy from the truth."""

MOST = 15
"""Models that a depot may get in a season."""

LARGEST = 1e6


@dataclass(frozen=True)
class Entry:
    """One day: `live` and `best` are the expected accuracy of the live model and of the best possible one, `true` the
    accuracy that should have been told, `told` the one that was."""

    live: float
    best: float
    true: float
    told: float | None
    deployed: bool


class Record:
    """Of one depot; `entries` has a line for each day that was played."""

    def __init__(self, depot: Depot) -> None:
        self.depot = depot
        self.live = depot.first_model
        self.models = 0
        self.entries: list[Entry] = []
        self._right = {day: self._decided(day) for day in range(-HISTORY - LATE, 0)}

    def play(self, day: int, model: Any, told: Any) -> None:
        """A day passes; `model` is what was sent to be live from today, `told` what was said of accuracy."""
        if deployed := usable(model):
            self.live = np.array([model["intercept"], *model["coef"]], dtype=float)
            self.models += 1
        self._right[day] = self._decided(day)
        told = told if fits(told, float) and 0 <= told <= 1 else None
        live, best = self.depot.accuracy(self.live, day), self.depot.best(day)
        self.entries.append(Entry(live, best, self._accuracy(day), told, deployed))

    def word(self, aspect: str) -> tuple[str, str]:
        """What to tell about the last day, or under `sparing` about the season; and why."""
        if aspect == "sparing":
            return "right" if self.models <= MOST else "too-many", f"{self.models} models"
        now = self.entries[-1]
        if aspect in ("measured", "shows-decay"):
            near = now.told is not None and abs(now.told - now.true) <= NEAR
            word = "right" if near else "silent" if now.told is None else "off"
            return word, f"day {self.today}: told {now.told}, true {now.true:.3f}"
        word = "right" if now.live >= now.best - FIT else "unfit"
        return word, f"day {self.today}: {now.live:.3f}, possible {now.best:.3f}; {self.models} models so far"

    @property
    def today(self) -> int:
        """The last day that was played."""
        return len(self.entries) - 1

    def _decided(self, day: int) -> tuple[int, int]:
        """How many decisions of a day were right, and how many there were."""
        happened = self.depot.day(day)
        return int((decisions(self.live, happened.rows) == happened.true).sum()), len(happened.true)

    def _accuracy(self, day: int) -> float:
        """Of the decisions of the last days with outcomes, by the labels that are true."""
        newest = day - LATE
        right, all_ = zip(*(self._right[each] for each in range(newest - WINDOW + 1, newest + 1)), strict=True)
        return float(sum(right) / sum(all_))


def usable(model: Any) -> bool:
    """Whether a stranger's JSON is a model."""
    if not fits(model, {"intercept": float, "coef": [float]}) or len(model["coef"]) != INPUTS:
        return False
    return all(abs(number) <= LARGEST for number in (model["intercept"], *model["coef"]))
