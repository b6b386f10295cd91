"""Sequential probability ratio tests (Wald): how much likelier is what was seen of the ill than of the well."""

from math import log
from statistics import mean

SURE = 9.2  # log of 10,000: about one wrong verdict in so many tests, either way


class Test:
    """Evidence adds up in `llr`, the log of the likelihood ratio."""

    llr = 0.0

    @property
    def ill(self):
        return self.llr >= SURE

    @property
    def well(self):
        return self.llr <= -SURE


class Rate(Test):
    """Of `seen` things `bad` were bad. Which share is it, that of the well or at least that of the ill?"""

    def __init__(self, ill, well=0.005):
        self._bad = log(ill / well)
        self._good = log((1 - ill) / (1 - well))
        self.bad = self.seen = 0

    def add(self, bad, seen):
        self.bad += bad
        self.seen += seen
        self.llr += bad * self._bad + (seen - bad) * self._good

    def __str__(self):
        return f"{self.bad} of {self.seen}"


class Pace(Test):
    """Ratios of durations: at most `well`, or at least `ill`? Logs are normal with spread `sigma`, clipped."""

    CLIP = 2.5  # spreads from the middle, where a ratio's weight stops to grow

    def __init__(self, well, ill, sigma=0.2):
        self._middle = (log(well) + log(ill)) / 2
        self._weight = (log(ill) - log(well)) / sigma**2
        self._most = self.CLIP * sigma
        self.ratios = []

    def add(self, ratio):
        self.ratios.append(ratio)
        off = log(max(ratio, 1e-6)) - self._middle
        self.llr += self._weight * max(-self._most, min(self._most, off))

    def __str__(self):
        return f"{mean(self.ratios):.2f} times over {len(self.ratios)}" if self.ratios else "not timed"
