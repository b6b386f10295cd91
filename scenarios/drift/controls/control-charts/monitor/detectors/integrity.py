"""Whether a day's column can be used at all, whatever its values are."""

from __future__ import annotations

from collections import Counter
from typing import Any

from settings import Integrity


def usable(kind: str, values: list[Any]) -> list[Any]:
    """The values of a column that are what they should be."""
    if kind != "number":
        return [str(value) for value in values if value is not None]
    return [float(v) for v in values if isinstance(v, int | float) and abs(v) < float("inf")]


class IntegrityProfile:
    def __init__(self, kind: str, history: list[tuple[str, list[Any]]], rows: int, bounds: Integrity) -> None:
        """`history` has season and usable values of each day. `rows`: with and without a value."""
        self._kind, self._bounds = kind, bounds
        everything = [value for _, values in history for value in values]
        self._filled = len(everything) / rows if rows else 0.0
        self._shares: dict[str, dict[Any, float]] = {}
        for season in ("work", "rest"):
            own = [value for of, values in history if of == season for value in values] or everything
            self._shares[season] = {value: n / len(own) for value, n in Counter(own).items() if n > 0.05 * len(own)}
        self._known: frozenset[str] = frozenset()
        self._unseen = 0.0
        if kind != "number" and everything:
            self._known = frozenset(everything)
            self._unseen = self._novelty(history)

    @staticmethod
    def _novelty(history: list[tuple[str, list[Any]]]) -> float:
        """Share of rows whose word was new on their day, once three weeks had been seen."""
        known: set[str] = set()
        new = rows = 0
        for at, (_, values) in enumerate(history):
            if at >= 21:
                new += sum(value not in known for value in values)
                rows += len(values)
            known.update(values)
        return new / rows if rows else 0.0

    def fault(self, values: list[Any] | None, seasons: tuple[str, ...]) -> str | None:
        if values is None:
            return "gone"
        good = usable(self._kind, values)
        if not values or not self._filled:
            return None
        if not good:
            return "empty" if (1 - self._filled) ** len(values) < self._bounds.impossible else None
        if len(values) >= 5 and len(good) / len(values) <= self._filled - self._bounds.gap:
            return "gaps"
        if len(good) >= self._bounds.fewest_rows and len(set(good)) == 1:
            share = max(self._shares[season].get(good[0], 0.0) for season in seasons) + 0.03
            if min(share, 1.0) ** len(good) < self._bounds.impossible:
                return "constant"
        if self._known:
            unseen = sum(value not in self._known for value in good)
            if unseen >= 3 and unseen / len(good) >= self._unseen + self._bounds.unseen:
                return "recoded"
        return None
