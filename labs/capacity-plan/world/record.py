"""What became of a pool: jobs that came late, workers that were paid, turns, day by day."""

from __future__ import annotations

import numpy as np
from cluster import Cluster
from pools import LIVE, TICKS, Pool

LATE = {"ordinary": 0.03, "launch": 0.05, "shift": 0.30}
"""The share of a day's jobs that may wait for more than five minutes, by what happens on it."""

BILL = 1.7
"""So many times the worker-hours that hindsight needs may be paid: on a day, and while a launch is on."""

TURNS = 24
"""So often a day orders may turn from up to down, or back."""


class Record:
    """Of one pool; `jobs`, `late`, `paid`, `turns` and `launch` have a figure a day: the last what was paid while one
    was on."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.jobs, self.late, self.paid, self.turns, self.launch = np.zeros((5, LIVE))
        self.past: list[tuple[float, ...]] = []
        self._went = 0.0

    def add(self, day: int, cluster: Cluster, at: int) -> None:
        """A tick has passed; `at` is the pool's place in the cluster."""
        self.jobs[day] += cluster.arrived[at]
        self.late[day] += cluster.late[at]
        self.paid[day] += cluster.paid[at]
        if len(self.past) % TICKS in self._hit(day):
            self.launch[day] += cluster.paid[at]
        way = cluster.way[at]
        self.turns[day] += way * self._went < 0
        self._went = way or self._went
        self.past.append(
            tuple(float(of[at]) for of in (cluster.waiting, cluster.ready, cluster.paid, cluster.cpu, cluster.gpu))
        )

    def kind(self, day: int) -> str:
        """What happens on a day."""
        return self.pool.days[day]["kind"]

    def _hit(self, day: int) -> range:
        """Ticks of a launch, or of a shift."""
        happens = self.pool.days[day]
        begin = happens.get("tick", 0)
        return range(begin, begin + happens.get("ticks", 0))

    def figures(self, day: int) -> tuple[float, float, int]:
        """The share of late jobs, the bill in times of what was needed, turns."""
        needed = self.pool.needed[day - LIVE].sum()
        return self.late[day] / max(self.jobs[day], 1), self.paid[day] / needed, int(self.turns[day])

    def word(self, day: int, aspect: str) -> tuple[str, str]:
        """What to tell about a day, and why."""
        late, bill, turns = self.figures(day)
        begins = f"day {day}, {self.kind(day)}"
        if aspect == "bill":
            return "right" if bill <= BILL else "dear", f"{begins}: {bill:.2f} times what was needed"
        if aspect == "steady":
            return "right" if turns <= TURNS else "restless", f"{begins}: {turns} turns"
        if aspect == "launch":
            paid = self.launch[day] / self.pool.needed[day - LIVE, self._hit(day)].sum()
            if paid > BILL:
                return "dear", f"{begins}: {paid:.2f} times what was needed while it was on"
        return "right" if late <= LATE[aspect] else "late", f"{begins}: {100 * late:.1f} % waited for over 5 minutes"
