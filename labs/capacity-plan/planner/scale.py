"""How many workers a pool should have."""

import math

import signals

STEP = 0.10
LEAST = 2


class Scaler:
    def __init__(self, given):
        self.warm_up = given["warm_up"]
        self.arrivals = given["arrivals"]

    def wanted(self, seen):
        """Workers from now on, warming ones included."""
        now = seen["ready"] + seen["warming"]
        step = max(1, math.ceil(STEP * now))
        if signals.busy(seen):
            return now + step
        if signals.idle(seen):
            return max(LEAST, now - step)
        return now
