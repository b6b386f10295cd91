"""How many workers a pool should have: what it needed at most, with room for a launch."""

import math

import signals

TICK_S = 600
LAUNCH = 3.6


class Scaler:
    def __init__(self, given, weekday):
        peak = max(max(day) for day in given["arrivals"])
        self.workers = math.ceil(LAUNCH * peak * signals.seconds(given) / TICK_S)

    def wanted(self, now, seen):
        """Workers from now on, warming ones included."""
        return self.workers
