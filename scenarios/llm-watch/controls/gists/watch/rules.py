"""What one supplier forbids: learned from reviews, and guessed from thumbs until there is one."""

from collections import Counter, defaultdict

DOWN = 0.75, 0.02  # a bad answer's thumbs down in the end, and a sound one's
CAST = 0.55, 0.75, 0.9, 1.0  # so many of them are cast by the evening, by days
UP = 0.1  # a thumb up is so much more often a bad answer's than a sound one's
ELSEWHERE, NEW, FINE = 0.5, 0.02, 0.01  # chance that a gist is bad: bad elsewhere, never seen, sound elsewhere


class Rules:
    def __init__(self):
        self.bad, self.ok = Counter(), Counter()

    def learn(self, gists, bad):
        """A reviewer's word on an answer that advises to do these things."""
        if not bad:
            self.ok.update(gists)
            return
        blamed = [gist for gist in gists if self.verdict(gist) is not False] or gists
        self.bad.update(blamed)

    def verdict(self, gist):
        """Whether it is bad; None when no reviewer has seen it."""
        if not self.bad[gist] and not self.ok[gist]:
            return None
        return self.bad[gist] > self.ok[gist]


class Guess:
    """Chances that what no reviewer has seen is bad, on one evening."""

    def __init__(self, rules, others, heard):
        """`others` are all suppliers' rules; `heard` has each gist's (age in days, last vote)."""
        self.rules, self.others = rules, others
        self.odds = defaultdict(lambda: 1.0)
        for gist, each in heard.items():
            for age, vote in each:
                self.odds[gist] *= likelihood(age, vote)

    def __call__(self, gist):
        verdict = self.rules.verdict(gist)
        if verdict is not None:
            return float(verdict)
        told = [one.verdict(gist) for one in self.others]
        chance = ELSEWHERE if True in told else FINE if told.count(False) > 1 else NEW
        odds = chance / (1 - chance) * self.odds[gist]
        return odds / (1 + odds)


def likelihood(age, vote):
    """How much likelier this vote is for a bad answer than for a sound one."""
    if vote == "down":
        return DOWN[0] / DOWN[1]
    if vote == "up":
        return UP
    cast = CAST[min(age, len(CAST) - 1)]
    return (1 - DOWN[0] * cast) / (1 - DOWN[1] * cast)
