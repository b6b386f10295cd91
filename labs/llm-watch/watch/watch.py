"""One supplier's watch: what is flagged, what people review, and what the report says."""

from subjects import Subjects
from thumbs import Thumbs
from words import Words

REVIEWS = 12


class Watch:
    def __init__(self, history):
        self.words = Words(history)
        self.thumbs = Thumbs()
        self.subjects = Subjects(history)
        self.versions = {}  # trace -> version
        self.bad = []  # (day, version, whether a reviewer called it bad)

    def day(self, today, day):
        """Flags, reviews, and the report."""
        for one in day.generations:
            self.versions.setdefault(one["trace"], one["version"])
        for trace, label in day.labels.items():
            self.bad.append((today - 1, self.versions[trace], label == "bad"))
        self.thumbs.add(today, day)

        flags = [one["trace"] for one in day.answers if self.words.hit(one["answer"])]
        reviews = [one["trace"] for one in day.answers[-REVIEWS:]]
        report = {
            "thumbs": self.thumbs.of(today - 3),
            "bad": self.bad_shares(today),
            "topic": self.subjects.new(day),
        }
        return flags, reviews, report

    def bad_shares(self, today):
        """Of each version, the share that reviewers called bad in the last three days."""
        found = {}
        for day, version, bad in self.bad:
            if day > today - 3:
                found.setdefault(version, []).append(bad)
        return {version: sum(each) / len(each) for version, each in found.items()}
