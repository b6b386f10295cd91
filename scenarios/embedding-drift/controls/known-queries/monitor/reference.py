"""What is usual in one collection, as long as its queries are embedded by one model."""

from dataclasses import dataclass

import numpy as np

SAME_TEXT = 0.9  # the same text again is at 0.95 and more, another one at 0.8 and less
SAME_MODEL = 0.52  # a quarter of queries are nearer than that to a known one by the same model, at 0.42 by another
STRANGE = 0.5  # what nobody has asked for yet is farther than this from all known queries
MUCH = 0.06  # the same query finds its best article this much worse; noise and rounding stay below


@dataclass
class Look:
    """One day against the reference: counts of queries, and of each query whether it is strange."""

    known: int  # asked before, word by word
    worse: int  # of these: their best article has got worse
    strange: np.ndarray  # unlike all that was asked before, and unlike all articles


class Reference:
    def __init__(self, first):
        """`first` tells the model's queries only: it may be a bad day."""
        self._first = first.queries
        self._queries = np.empty((0, first.queries.shape[1]), np.float32)
        self._best = np.empty(0)

    def add(self, day, which=slice(None)):
        """What was asked on a day, and how well it was answered, is usual from now on."""
        self._queries = np.vstack([self._queries, day.queries[which]])
        self._best = np.append(self._best, day.similarities[which, 0])

    def is_of(self, day):
        """Whether the day's queries are embedded by the reference's model."""
        nearest = (day.queries @ np.vstack([self._first, self._queries]).T).max(1)
        return bool(np.quantile(nearest, 0.75) > SAME_MODEL)

    def look(self, day, weak):
        """`weak`: what finds its best article at no more than that may be strange."""
        if not len(self._best):  # the model's first good day: all is new, so nothing is strange yet
            return Look(0, 0, np.zeros(len(day.queries), bool))
        cosines = day.queries @ self._queries.T
        nearest = cosines.max(1)
        known = nearest > SAME_TEXT
        worse = known & (self._best[cosines.argmax(1)] - day.similarities[:, 0] > MUCH)
        strange = (nearest < STRANGE) & (day.similarities[:, 0] < weak)
        return Look(int(known.sum()), int(worse.sum()), strange)

    def weak(self):
        """A best similarity that nine in ten usual queries exceed."""
        return float(np.quantile(self._best, 0.1))
