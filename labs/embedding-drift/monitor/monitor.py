"""Once a day: which collections ring, and what is done about those that do."""

from drift import Drift
from yardstick import Yardstick


class Monitor:
    def __init__(self, search):
        self.search = search
        yesterday = search.day(-1)
        self.drift = Drift(yesterday)
        self.yardstick = Yardstick(search, yesterday)

    def day(self, today):
        """Reports (collection, kind) and actions (collection, action)."""
        reports, actions = [], []
        for name in self.drift.ring(self.search.day(today)):
            if self.yardstick.moved(name):
                reports.append((name, "model"))
                actions.append((name, "reembed"))
        return reports, actions
