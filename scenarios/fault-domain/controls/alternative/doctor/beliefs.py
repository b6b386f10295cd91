"""What may be wrong in a domain, how likely each is by now, and which test would tell most of it."""

from dataclasses import dataclass

import numpy as np

WELL = 0.55
SURE = 0.999


@dataclass(frozen=True)
class Test:
    """A test whose outcome is one of a few words.

    Attributes:
        does: the method of Patient that does it, with `arguments`.
        price_s: what it takes of the cell's clock.
        outlook: of each word its likelihood under each thing that may be wrong.
    """

    does: str
    arguments: tuple
    price_s: float
    outlook: dict


class Belief:
    """Over things that may be wrong in one domain, `well` being the first of them."""

    def __init__(self, tests):
        self._tests = tests
        self._names = list(next(iter(tests[0].outlook.values())))
        self._tables = [np.array([list(row.values()) for row in test.outlook.values()]) for test in tests]
        self._shares = np.full(len(self._names), (1 - WELL) / (len(self._names) - 1))
        self._shares[0] = WELL
        self._look_ahead()

    @property
    def certain(self):
        """Whether it is well, or is not; what it is instead may stay open."""
        return max(self._shares[0], 1 - self._shares[0]) > SURE

    @property
    def well(self):
        return self._shares[0] > 0.5

    @property
    def likeliest(self):
        return self._names[int(self._shares.argmax())]

    def learn(self, test, word):
        likelihood = np.array(list(test.outlook[word].values()))
        self._shares = self._shares * likelihood
        self._shares /= self._shares.sum()
        self._look_ahead()

    def _look_ahead(self):
        """Find the test that takes most uncertainty away a second."""
        now = entropy(self._shares[None])[0]
        rates = []
        for test, table in zip(self._tests, self._tables, strict=True):
            joint = table * self._shares
            chance = joint.sum(axis=1)
            later = entropy(joint / np.maximum(chance, 1e-12)[:, None])
            rates.append((now - chance @ later) / test.price_s)
        self.best_rate = max(rates)
        self.best = self._tests[int(np.argmax(rates))]


def entropy(shares):
    """In nats, a row a distribution."""
    return -(shares * np.log(np.maximum(shares, 1e-12))).sum(axis=1)
