"""What is usual for one collection, by the kind of day; and whether a day is."""

import numpy as np

ODD, USUAL = 4.0, 2.0  # standard errors below what is usual
REST = 3  # days after a look that found nothing
ENOUGH = 2  # days, before anything can be called odd


class Watch:
    def __init__(self):
        self._days = []
        self._before = 0.0
        self._wait = -99

    def keep(self, day):
        """A day on which all was well."""
        self._days.append((day.weekend, day.similarities[:, 0]))

    def odd(self, day, today):
        """Whether it is worth a canary: this day, or this and the one before together."""
        if today < self._wait:
            return False
        off = self._off(day)
        both = (off + self._before) / 2**0.5
        self._before = off
        if off > -USUAL:
            self.keep(day)
        return min(off, both) < -ODD

    def _off(self, day):
        """How far its best similarities lie from those of usual days of its kind, in standard errors."""
        same = [best for weekend, best in self._days if weekend == day.weekend]
        usual = same if len(same) >= ENOUGH else [best for _, best in self._days]
        if len(usual) < ENOUGH:
            return 0.0
        every, best = np.concatenate(usual), day.similarities[:, 0]
        return (best.mean() - every.mean()) / (every.std() / len(best) ** 0.5)

    def poor(self):
        """A similarity that one query in twenty stays below."""
        return np.quantile(np.concatenate([best for _, best in self._days]), 0.05)

    def looked(self, today):
        """A canary found nothing wrong: for some days that is known."""
        self._wait, self._before = today + REST, 0.0

    def repaired(self, today, kind):
        """Tomorrow all is in order again; embedded anew, perhaps by another model, what was usual is no longer."""
        self._wait, self._before = today + 1, 0.0
        if kind == "mixed":
            self._days = []
