"""How many workers a pool should have: enough for the tick at which what is ordered now is warm."""

import math
from collections import deque

import signals
from forecast import Forecast

TICK_S = 600
SPARE = 1.2
HOLD = 7
"""So many wishes in a row have to be for fewer workers: more than the longest warm-up, or a launch ends early."""


class Scaler:
    def __init__(self, given, weekday):
        self.warm_up = given["warm_up"]
        self.seconds = signals.seconds(given)
        self.forecast = Forecast(given, weekday)
        self.wishes = deque(maxlen=HOLD)

    def wanted(self, now, seen):
        """Workers from now on, warming ones included."""
        if now:
            self.forecast.see(now - 1, seen["arrived"])
        jobs = SPARE * self.forecast.jobs(now + self.warm_up) + seen["waiting"] / 2
        self.wishes.append(math.ceil(jobs * self.seconds / TICK_S))
        return max(1, *self.wishes)
