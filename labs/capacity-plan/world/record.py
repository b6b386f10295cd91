"""What became of a pool: jobs that came late, workers that were paid, turns, day by day."""

from __future__ import annotations

import numpy as np
from pools import LIVE, TICKS

LATE = {"ordinary": 0.05, "launch": 0.08, "shift": 0.30}
"""The share of a day's jobs that may wait for more than five minutes, by what happens on it."""

BILL = 1.7
"""So many times the worker-hours that hindsight needs may be paid."""

TURNS = 24
"""So often a day orders may turn from up to down, or back."""


class Record:
    """Of one pool; `jobs`, `late`, `paid` and `turns` have a figure a day."""

    def __init__(self, pool):
        self.pool = pool
        self.jobs, self.late, self.paid, self.turns, self.launch = np.zeros((5, LIVE))
        self.past = []
        self._went = 0

    def add(self, day, cluster, at):
        """A tick has passed; `at` is the pool's place in the cluster."""
        self.jobs[day] += cluster.arrived[at]
        self.late[day] += cluster.late[at]
        self.paid[day] += cluster.paid[at]
        begin, ticks = (self.pool.days[day].get(key, 0) for key in ("tick", "ticks"))
        self.launch[day] += cluster.paid[at] * (begin <= len(self.past) % TICKS < begin + ticks)
        way = cluster.way[at]
        self.turns[day] += way * self._went < 0
        self._went = way or self._went
        self.past.append(
            tuple(float(of[at]) for of in (cluster.waiting, cluster.ready, cluster.paid, cluster.cpu, cluster.gpu))
        )

    def kind(self, day):
        """What happens on a day."""
        return self.pool.days[day]["kind"]

    def figures(self, day):
        """The share of late jobs, the bill in times of what was needed, turns."""
        needed = self.pool.needed[day - LIVE].sum()
        return self.late[day] / max(self.jobs[day], 1), self.paid[day] / needed, int(self.turns[day])

    def word(self, day, aspect):
        """What to tell about a day, and why."""
        late, bill, turns = self.figures(day)
        begins = f"day {day}, {self.kind(day)}"
        if aspect == "bill":
            return "right" if bill <= BILL else "dear", f"{begins}: {bill:.2f} times what was needed"
        if aspect == "steady":
            return "right" if turns <= TURNS else "restless", f"{begins}: {turns} turns"
        if aspect == "launch":
            launch = self.pool.days[day]
            hit = slice(launch["tick"], launch["tick"] + launch["ticks"])
            dear = self.launch[day] / self.pool.needed[day - LIVE, hit].sum()
            if dear > BILL:
                return "dear", f"{begins}: {dear:.2f} times what was needed"
        return "right" if late <= LATE[aspect] else "late", f"{begins}: {100 * late:.1f} % waited for over 5 minutes"
