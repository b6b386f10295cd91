"""Streams of readings: each row is how far a meter is from its forecast, in deviations of its own quiet days."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CHANGES = "up", "down", "gradual", "spread"
KINDS = *CHANGES, "season", "quiet"
ROWS, EACH = 1600, 3
"""Rows of a stream, streams of a kind."""

WITHIN = 400
"""Rows in which a change has to be found."""

EARLIEST, LATEST = 700, 1000
LIFT, WIDER, CLIMB = 1.2, 2.8, 150
PERIOD, SWING = 192, 0.8

SOME = 0.7
"""Share of streams in which a meter is silent for some rows, and of those in which it sends some again."""
SILENT, AGAIN = (8, 18), (15, 40)
"""For how many rows."""

Rows = NDArray[np.float64]
At = NDArray[np.int32]


def stream(rng: np.random.Generator, kind: str) -> tuple[Rows, int | None]:
    """A stream and the row at which it changes, or None."""
    rows = rng.normal(size=ROWS)
    begins = int(rng.integers(EARLIEST, LATEST))
    after = np.arange(ROWS) >= begins
    if kind in ("up", "down"):
        rows += after * LIFT * (1 if kind == "up" else -1)
    elif kind == "gradual":
        rows += LIFT * np.clip((np.arange(ROWS) - begins) / CLIMB, 0, 1) * rng.choice([-1, 1])
    elif kind == "spread":
        rows[begins:] *= WIDER
    elif kind == "season":
        rows += SWING * np.sin(2 * np.pi * (np.arange(ROWS) / PERIOD + rng.random()))
    return rows.round(2), begins if kind in CHANGES else None


def sent(rng: np.random.Generator) -> tuple[At, At]:
    """The rows of a stream of which there is a reading, and those that were sent again, after all others."""
    there = np.arange(ROWS, dtype=np.int32)
    if rng.random() < SOME:
        begins = rng.integers(40, EARLIEST - 100)
        there = np.delete(there, np.s_[begins : begins + rng.integers(*SILENT)])
    again = there[:0]
    if rng.random() < SOME:
        begins = rng.integers(0, ROWS - 300)
        again = there[begins : begins + rng.integers(*AGAIN)]
    return there, again
