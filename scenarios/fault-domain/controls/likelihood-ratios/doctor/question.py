"""What is asked of a cell, one step at a time, until the answer is sure."""

from math import exp, log


class Question:
    """One way in which a domain may be at fault. `tests` clear it when all are well; `hints` accuse or ask on."""

    domain = ""
    prior = 0.1
    max_steps = 4

    def __init__(self, chart):
        self.chart = chart
        self.tests = []
        self.hints = []
        self.steps = 0

    def cost(self):
        """About how many seconds of the cell's clock the next step takes."""
        raise NotImplementedError

    def look(self):
        """Do the next step."""
        raise NotImplementedError

    def because(self):
        """The evidence, for people."""
        raise NotImplementedError

    def step(self):
        self.steps += 1
        self.look()

    @property
    def ill(self):
        return any(test.ill for test in [*self.tests, *self.hints])

    @property
    def open(self):
        cleared = self.steps and all(test.well for test in self.tests) and all(hint.llr <= 0 for hint in self.hints)
        return not self.ill and not cleared and self.steps < self.max_steps

    @property
    def chance(self):
        """How likely this is at fault, after what was seen."""
        llr = max((test.llr for test in [*self.tests, *self.hints]), default=0.0)
        odds = log(self.prior / (1 - self.prior)) + max(-50.0, min(50.0, llr))
        return 1 / (1 + exp(-odds))

    def worth(self):
        """What is still unknown (entropy) for each second that the next step takes."""
        p = min(max(self.chance, 1e-9), 1 - 1e-9)
        return -(p * log(p) + (1 - p) * log(1 - p)) / self.cost()
