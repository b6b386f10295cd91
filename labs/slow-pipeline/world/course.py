"""How a night goes: what was handed out, delivered and refused, and when. Without any package of an image."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from costly_ports.costs import Spent
from nights import Made, Night

BASE_S, ROWS_A_SECOND = 3.0, 500
SHARES = 0.5, 0.6, 0.7, 0.8, 0.9, 1.0
CUT_S = 3.0
"""So long after its bound a night is cut."""

IN_HAND = 200
TENTHS = 10


class Calls(Protocol):
    """A port, of which the calls are looked at."""

    calls: list[Spent]


class Fetched(NamedTuple):
    """A page was asked for, with so many rows handed out and not yet delivered."""

    at: float
    in_hand: int


class Course:
    """A night under way. Times are seconds since its begin.

    Attributes:
        delivered: by row, the scores that came for it, in their order.
        arrivals: when each row came for the first time.
        fetches: pages that were asked for.
        refused: tenths of the night, from 0, in which a call was refused.
        ending: how it came to its end, for people.
    """

    def __init__(self, case: Night, made: Made, name: str, ports: Mapping[str, Calls]) -> None:
        self.case, self.made, self.name, self._ports = case, made, name, ports
        self.delivered: dict[str, list[float]] = defaultdict(list)
        self.arrivals: list[float] = []
        self.fetches: list[Fetched] = []
        self.refused: set[int] = set()
        self.handed: set[str] = set()
        self.stumbled: set[str] = set()
        self.begun = time.monotonic()
        self.ended: float | None = None
        self.ending = "under way"

    @property
    def calls(self) -> dict[str, list[Spent]]:
        """Its calls, of each service; not those of a job that goes on when the night is over."""
        end = self.begun + self.now
        return {
            service: [call for call in port.calls if call.caller == self.name and call.begun <= end]
            for service, port in self._ports.items()
        }

    @property
    def size(self) -> int:
        """Its rows."""
        return len(self.made.rows)

    @property
    def now(self) -> float:
        """Seconds since its begin; until its end."""
        return (time.monotonic() if self.ended is None else self.ended) - self.begun

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        return self.ended is not None

    def bound(self, share: float = 1.0) -> float:
        """By when a share of its rows has to be delivered, s."""
        return BASE_S + share * self.size / ROWS_A_SECOND

    def close(self, ending: str) -> None:
        """It is over, unless it was before."""
        if self.ended is None:
            self.ended, self.ending = time.monotonic(), ending

    @property
    def idle(self) -> float:
        """Seconds in which none of its calls was under way."""
        end = self.begun + self.now
        idle, upto = 0.0, self.begun
        for begun, ended in sorted(_under_way(call, end) for calls in self.calls.values() for call in calls):
            idle += max(0.0, min(begun, end) - upto)
            upto = max(upto, ended)
        return idle + max(0.0, end - upto)

    def fetch(self, rows: list[str]) -> None:
        """A page is handed out."""
        self.fetches.append(Fetched(self.now, len(self.handed - self.delivered.keys())))
        self.handed.update(rows)

    def deliver(self, row: str, score: float) -> None:
        """A score came."""
        if row not in self.delivered:
            self.arrivals.append(self.now)
        self.delivered[row].append(score)

    def refuse(self) -> None:
        """A call was refused, for too many were under way."""
        self.refused.add(self.tenth)

    @property
    def tenth(self) -> int:
        """The tenth in which it is, by what is delivered."""
        return min(len(self.delivered) * TENTHS // self.size, TENTHS - 1)

    def reached(self, share: float) -> float | None:
        """When that share of its rows was delivered; None if it is not yet."""
        need = -int(-share * self.size // 1)
        return self.arrivals[need - 1] if len(self.arrivals) >= need else None

    def said(self) -> dict[str, Any]:
        """Figures of it, for the ledger."""
        reached = {f"{share:.0%}": self.reached(share) for share in SHARES}
        return {
            "kind": self.case["kind"],
            "rows": self.size,
            "bound": self.bound(),
            "reached": reached,
            "over": self.now,
        }


def _under_way(call: Spent, now: float) -> tuple[float, float]:
    """From when to when a call was under way."""
    if not call.status:
        return call.begun, now
    return call.begun, max((part.ended for part in call.parts), default=call.begun)
