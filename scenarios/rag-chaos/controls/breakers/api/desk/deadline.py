"""Time that is shared by the steps of one question."""

from __future__ import annotations

import time


class Deadline:
    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, most: float) -> float:
        """What a step may take: `most`, and no more than there is."""
        return max(0.0, min(most, self._end - time.monotonic()))
