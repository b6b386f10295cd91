"""Whether outcomes still are as likely as the scores say.

Two signs that they are not, each in standard errors: more or fewer of them than the scores add up to, and scores
that tell rows apart worse than they claim (a score that means what it says loses on average its own entropy, no more).
Neither depends on which inputs came.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

POOLED, ENOUGH = 3, 4.5


class Calibration:
    def __init__(self) -> None:
        self._days: deque[np.ndarray] = deque(maxlen=POOLED)

    def add(self, outcomes: dict[str, Any]) -> None:
        chance = np.clip(np.array(outcomes["score"]), 0.001, 0.999)
        surprise = np.array(outcomes["label"]) - chance
        odds, variance = np.log(chance / (1 - chance)), chance * (1 - chance)
        count = (surprise.sum(), variance.sum())
        ranking = (-(surprise * odds).sum(), (variance * odds**2).sum())
        self._days.append(np.array([*count, *ranking]))

    def lost(self) -> bool:
        if not self._days:
            return False
        more, spread, excess, spread_of_excess = sum(self._days)
        return bool(abs(more) > ENOUGH * np.sqrt(spread) or excess > ENOUGH * np.sqrt(spread_of_excess))
