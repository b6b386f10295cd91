"""Thumbs, by version."""

from collections import Counter


class Thumbs:
    def __init__(self):
        self.live = []  # (day, minute, version) of each deploy
        self.answers = Counter()  # (day, version)
        self.down = Counter()

    def add(self, today, day):
        self.live += [(one["day"], one["minute"], one["version"]) for one in day.deploys]
        self.live.sort()
        for one in day.answers:
            self.answers[today, self.at(today, one["minute"])] += 1
        for vote in day.votes:
            if vote["vote"] == "down":
                self.down[today, self.at(today, vote["minute"])] += 1

    def at(self, day, minute):
        """The version that was deployed last."""
        return [version for on, at, version in self.live if (on, at) <= (day, minute)][-1]

    def of(self, day):
        """Of each version its answers on a day, and its thumbs down."""
        return {
            version: {"answers": many, "down": self.down[day, version]}
            for (on, version), many in self.answers.items()
            if on == day
        }
