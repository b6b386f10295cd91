"""Once a day: which collections ring, and what is done about those that do."""

from diagnosis import REPAIRS, diagnose
from drift import Drift


class Monitor:
    def __init__(self, search):
        self.search = search
        self.drift = Drift(search.day(-1))

    def day(self, today):
        """Reports (collection, kind) and actions (collection, action)."""
        rings = {name: diagnose(self.search.canary(name)) for name in self.drift.ring(self.search.day(today))}
        return list(rings.items()), [(name, REPAIRS[kind]) for name, kind in rings.items()]
