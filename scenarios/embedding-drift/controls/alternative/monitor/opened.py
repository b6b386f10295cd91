"""How much is opened of what is found; and how many find nothing near and open nothing."""

import numpy as np

FELL, LOW, LOST = 0.14, 0.1, 0.15


class Opened:
    def __init__(self, past):
        self._usual = sum((day.opened > 0).mean() for day in past) / len(past)
        near = np.concatenate([day.similarities[day.opened > 0, 0] for day in past])
        self._near = np.quantile(near, 0.05)
        self._days = []

    def take(self, day):
        opened = day.opened > 0
        self._days.append((opened.mean(), (~opened & (day.similarities[:, 0] < self._near)).mean()))

    def fell(self):
        """Today, or today and yesterday together, much less than usual."""
        return self._less(1) > FELL or self._less(2) > LOW

    def new_topic(self):
        """For two days less is opened, by people for whom nothing is near."""
        return self._less(2) > LOW and np.mean([lost for _, lost in self._days[-2:]]) > LOST

    def forget(self):
        """Something is mended: days before that say nothing of those after."""
        self._days = []

    def _less(self, days):
        some = self._days[-days:]
        return self._usual - sum(share for share, _ in some) / days if len(some) == days else 0.0
