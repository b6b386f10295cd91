"""Thumbs, by the version that wrote what was shown; our own probes are left out."""

from collections import Counter


class Thumbs:
    def __init__(self):
        self.version = {}  # trace -> version of the last generation
        self.day = {}  # trace -> day, of customers' answers
        self.last = {}  # trace -> ((day, minute), vote)

    def add(self, today, day):
        started = {}
        for one in day.generations:
            if one["started"] >= started.get(one["trace"], -1):
                started[one["trace"]] = one["started"]
                self.version[one["trace"]] = one["version"]
        for one in day.answers:
            if one["channel"] != "probe":
                self.day[one["trace"]] = today
        for vote in day.votes:
            at = today, vote["minute"]
            if at >= self.last.get(vote["trace"], ((-1, 0), ""))[0]:
                self.last[vote["trace"]] = at, vote["vote"]

    def down(self, trace):
        """Whether a customer's last vote on it is down."""
        return trace in self.day and self.last.get(trace, ("", ""))[1] == "down"

    def of(self, day):
        """Of each version its answers on a day, and those with thumbs down."""
        shown = [trace for trace, on in self.day.items() if on == day]
        answers = Counter(self.version[trace] for trace in shown)
        down = Counter(self.version[trace] for trace in shown if self.down(trace))
        return {version: {"answers": many, "down": down[version]} for version, many in answers.items()}
