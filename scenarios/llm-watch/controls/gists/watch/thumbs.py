"""Which version gave each answer, and what customers think of it."""

from collections import Counter

KEPT = 3  # votes come until so many days later


class Thumbs:
    def __init__(self):
        self.version = {}  # trace -> version that was shown
        self.asked = {}  # day -> traces of customers
        self.last = {}  # trace -> ((day, minute), vote)

    def add(self, today, day):
        started = {}
        for one in day.generations:
            trace, at = one["trace"], one["started"]
            if at >= started.get(trace, at):
                started[trace], self.version[trace] = at, one["version"]
        self.asked[today] = [one["trace"] for one in day.answers if one["channel"] != "probe"]
        for vote in day.votes:
            at = today, vote["minute"]
            if vote["trace"] not in self.last or at >= self.last[vote["trace"]][0]:
                self.last[vote["trace"]] = at, vote["vote"]

    def vote(self, trace):
        """Up, down, or None."""
        return self.last.get(trace, (None, None))[1]

    def of(self, day):
        """Of each version its answers on a day, and its thumbs down."""
        traces = self.asked.get(day, [])
        answers = Counter(self.version[trace] for trace in traces)
        down = Counter(self.version[trace] for trace in traces if self.vote(trace) == "down")
        return {version: {"answers": many, "down": down[version]} for version, many in answers.items()}
