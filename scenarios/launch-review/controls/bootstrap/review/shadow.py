"""Quality by resampling: how often orders, drawn again and again, are beyond a limit."""

from dataclasses import dataclass

import duckdb
import numpy as np

TIMES = 400


@dataclass
class Part:
    """Some orders: their share of all, and of each whether the old and the new model were wrong."""

    share: float
    was: np.ndarray
    will: np.ndarray

    @property
    def delta(self) -> float:
        return float(self.will.mean() - self.was.mean())

    def beyond(self, limit: float, rng: np.random.Generator) -> bool:
        """Whether at least half of the resamples are beyond the limit."""
        change = self.will.astype(int) - self.was.astype(int)
        counts = np.array([(change == kind).sum() for kind in (-1, 0, 1)])
        drawn = rng.multinomial(len(change), counts / len(change), TIMES)
        return bool(np.median((drawn[:, 2] - drawn[:, 0]) / len(change)) > limit)


def parts(case: duckdb.DuckDBPyConnection, off: float) -> dict[str, Part]:
    """All orders (under an empty name) and those of each segment; each order once."""
    rows = case.sql("SELECT DISTINCT ON (order_id) segment, old_off, new_off FROM shadow ORDER BY order_id").fetchall()
    segments = np.array([row[0] for row in rows])
    was = np.array([row[1] > off for row in rows])
    will = np.array([row[2] is None or row[2] > off for row in rows])
    found = {"": Part(1.0, was, will)}
    for name in np.unique(segments):
        mine = segments == name
        found[str(name)] = Part(float(mine.mean()), was[mine], will[mine])
    return found
