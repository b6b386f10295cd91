"""What is left of an error budget, and how fast it is spent.

Counts are arrays of events by step; the last axis is time, so many services or months may stand before it. A step is
seen at its end: a window of w steps has it and the w - 1 before it, and fewer where the calendar begins, as in
Prometheus.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.float64]
Mask = NDArray[np.bool_]


def trailing(counts: ArrayLike, window: int) -> Counts:
    """Events of the last `window` steps, at the end of each step."""
    if window < 1:
        raise ValueError(f"a window has at least one step, not {window}")
    total = np.cumsum(counts, axis=-1, dtype=float)
    found = total.copy()
    found[..., window:] -= total[..., :-window]
    return found


def burn(bad: ArrayLike, total: ArrayLike, window: int, target: float) -> Counts:
    """Burn rates at the end of each step: the ratio of bad events in the window, over what the target allows. At 1 the
    budget is spent exactly when its time is over. Where nothing came, nothing burnt."""
    came = trailing(total, window)
    ratio = np.divide(trailing(bad, window), came, out=np.zeros_like(came), where=came > 0)
    return ratio / (1 - target)


def spent(bad: ArrayLike, total: ArrayLike, target: float) -> Counts:
    """By the end of each step, the share that was spent of the budget of all events on the calendar; over 1 if it is
    overdrawn."""
    budget = (1 - target) * np.sum(total, axis=-1, dtype=float, keepdims=True)
    gone = np.cumsum(bad, axis=-1, dtype=float)
    share: Counts = np.divide(gone, budget, out=np.zeros_like(gone), where=budget > 0)
    return share


def held(true: Mask, steps: int) -> Mask:
    """Where something has been true at this step and at the `steps` - 1 before it without a break."""
    whole = max(1, steps)
    enough = trailing(true, whole) == whole
    return np.asarray(enough, bool)


def first(true: Mask, since: int = 0) -> int | None:
    """The first step, from `since` on, at which something is true, or None. One calendar."""
    found = np.flatnonzero(true[since:])
    return since + int(found[0]) if len(found) else None
