"""Which questions are asked again and again."""

from __future__ import annotations

import time

from questions import Question

HALF_LIFE_S = 10.0
MOST = 500
AT_LEAST = 2.0


class Hot:
    """Counts that fade: half of one is left after `HALF_LIFE_S`."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[float, float, Question]] = {}

    def note(self, key: str, question: Question) -> None:
        if question.thread:
            return
        now = time.monotonic()
        self._counts[key] = (self._count(key, now) + 1.0, now, question)
        if len(self._counts) > MOST:
            coolest = sorted(self._counts, key=lambda each: self._count(each, now))
            for each in coolest[: MOST // 2]:
                del self._counts[each]

    def top(self, most: int) -> list[Question]:
        """Those asked most, hottest first."""
        now = time.monotonic()
        counts = {key: self._count(key, now) for key in self._counts}
        hottest = sorted((key for key in counts if counts[key] >= AT_LEAST), key=lambda key: -counts[key])
        return [self._counts[key][2] for key in hottest[:most]]

    def _count(self, key: str, now: float) -> float:
        if key not in self._counts:
            return 0.0
        count, at, _ = self._counts[key]
        return float(count * 0.5 ** ((now - at) / HALF_LIFE_S))
