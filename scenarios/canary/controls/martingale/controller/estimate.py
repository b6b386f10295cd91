"""Betting against the release. Pure functions and plain numbers; nothing in here knows of clocks or networks.

For each suspicion ("errors", "slow", "wrong"; of one carrier or of all) there is a gambler who bets on every parcel that v2
is clearly worse than v1. If v2 is as good as v1, no gambler's wealth can be expected to grow, and the chance that it ever
reaches 1/alpha is at most alpha (Ville's inequality), however often one looks. So we may look five times a second.

A fault may begin late, when v2 gets more traffic. Then the losses of the good times must not protect it: from time
to time new gamblers join with fresh money, and the richest counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

EVERYONE = "*"


class Tally(NamedTuple):
    """What happened to some parcels."""

    parcels: float = 0.0
    errors: float = 0.0
    timed: float = 0.0
    slow: float = 0.0
    marks: float = 0.0
    wrong: float = 0.0

    def __add__(self, other: tuple[float, ...]) -> Tally:  # type: ignore[override]
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))

    def __sub__(self, other: tuple[float, ...]) -> Tally:
        return Tally(*(a - b for a, b in zip(self, other, strict=True)))


Tallies = Mapping[str, Tally]


def pooled(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total = total + tally
    return total


class Bet(NamedTuple):
    """A suspicion: where its cases are in a Tally, what v2 may be, and what we bet that it is."""

    name: str
    bad: int
    of: int
    prior: float
    tolerated: float
    alternatives: tuple[float, ...]
    join_s: int  # so often do new gamblers come; reading does not change with the traffic, so there seldom
    per_look: float  # most bad cases that one look may count: a pause of the machine is one event, not twenty


BETS = (
    Bet("errors", 1, 0, 0.002, 0.008, (0.05, 0.15, 0.5), 1, math.inf),
    Bet("slow", 3, 2, 0.002, 0.02, (0.08, 0.2, 0.6), 1, 2.0),
    Bet("wrong", 5, 4, 0.04, 0.055, (0.12, 0.3, 0.6), 4, math.inf),
)


def tolerated(bet: Bet, v1: Tallies, scope: str) -> float:
    """v2 may be a little worse than v1 is, for the same carrier. Few cases of v1 count as v1's usual rate."""
    total = pooled(v1.values())
    rate = (total[bet.bad] + bet.prior * 200) / (total[bet.of] + 200)
    if scope != EVERYONE:
        own = v1.get(scope, Tally())
        rate = (own[bet.bad] + rate * 30) / (own[bet.of] + 30)
    return min(0.5, max(bet.tolerated, 1.3 * rate))


def chance(bad: float, total: float, rate: float) -> float:
    """P(at least `bad` of `total`) at this rate: for the one look at the end, which need not fear for having looked before."""
    n, k = round(total), round(bad)
    return 1.0 - sum(math.comb(n, i) * rate**i * (1 - rate) ** (n - i) for i in range(k))


class Gamblers:
    """Log wealth by suspicion, scope, the time of joining, and alternative."""

    def __init__(self) -> None:
        self._wealth: dict[tuple[str, str], list[list[float]]] = {}
        self._joined: dict[tuple[str, str], int] = {}

    def play(self, bet: Bet, scope: str, new: Tally, limit: float, second: int) -> None:
        """Settle all bets of one suspicion on what is new."""
        key = (bet.name, scope)
        tables = self._wealth.setdefault(key, [])
        if self._joined.get(key) != (round_ := second // bet.join_s):
            self._joined[key] = round_
            tables.append([0.0] * len(bet.alternatives))
        total = new[bet.of]
        if total <= 0:
            return
        bad = min(new[bet.bad], bet.per_look)
        for i, alternative in enumerate(bet.alternatives):
            p = max(alternative, 1.5 * limit)
            gain = bad * math.log(p / limit) + (total - bad) * math.log((1 - p) / (1 - limit))
            for table in tables:
                table[i] += gain

    def richest(self) -> tuple[float, str]:
        """Log of the greatest mean wealth over alternatives, and what it was made with."""
        best, whose = 0.0, "nobody"
        for (name, scope), tables in self._wealth.items():
            for table in tables:
                top = max(table)
                mean = top + math.log(sum(math.exp(each - top) for each in table) / len(table))
                if mean > best:
                    best, whose = mean, f"{name} of {'all carriers' if scope == EVERYONE else scope}"
        return best, whose
