"""What is usual for one collection, by the kind of day; and whether a day is."""

import numpy as np

ODD = 5.0  # standard errors below what is usual
REST = 3  # days after a look that found nothing
ENOUGH = 2  # days, before anything can be called odd


class Watch:
    def __init__(self):
        self._days = []
        self._wait = -99

    def keep(self, day):
        self._days.append((day.weekend, day.similarities[:, 0]))

    def odd(self, day, today):
        """Whether it is worth a canary; a day that is not is kept as a usual one."""
        if today < self._wait:
            return False
        same = [best for weekend, best in self._days if weekend == day.weekend]
        usual = same if len(same) >= ENOUGH else [best for _, best in self._days]
        best = day.similarities[:, 0]
        if len(usual) >= ENOUGH:
            every = np.concatenate(usual)
            if (best.mean() - every.mean()) / (every.std() / len(best) ** 0.5) < -ODD:
                return True
        self.keep(day)
        return False

    def poor(self):
        """A similarity that one query in twenty stays below."""
        return np.quantile(np.concatenate([best for _, best in self._days]), 0.05)

    def looked(self, today):
        """A canary found nothing wrong: for some days that is known."""
        self._wait = today + REST

    def repaired(self, today, kind):
        """Tomorrow all is in order again; under another model, what was usual is no longer."""
        self._wait = today + 1
        if kind in ("model", "mixed"):
            self._days = []
