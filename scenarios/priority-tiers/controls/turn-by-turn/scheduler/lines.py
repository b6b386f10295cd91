"""Who waits, and whose turn it is.

Between tiers: publishers go first, but of the turns that both want every fourth is the blogs'.
Within a tier: tenants take turns, so that nobody's queue is anybody else's.
Within a tenant: the oldest picture, as long as its promise can be kept; after that the newest, for
there is more to do than can be done, and who waited too long is lost either way.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Rule:
    fresh_s: float  # older than this, and a picture will miss its promise
    wait_s: float  # older than this, and it is refused


RULES = {"premium": Rule(0.3, 0.6), "free": Rule(0.6, 0.8)}
BLOGS_TURN = 4


@dataclass(eq=False)
class Waiting:
    tenant: str
    tier: str
    picture: str
    since: float
    answer: asyncio.Future[Any]
    timer: asyncio.TimerHandle | None = field(default=None)


class Line:
    """Pictures of one tier."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.tenants: OrderedDict[str, deque[Waiting]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self.tenants.values()))

    def add(self, one: Waiting) -> None:
        self.tenants.setdefault(one.tenant, deque()).append(one)

    def remove(self, one: Waiting) -> None:
        pictures = self.tenants[one.tenant]
        pictures.remove(one)
        if not pictures:
            del self.tenants[one.tenant]

    def next(self, now: float) -> Waiting:
        """The picture whose turn it is. The line must not be empty."""
        tenant, pictures = self.tenants.popitem(last=False)
        one = pictures.popleft() if now - pictures[0].since <= self.rule.fresh_s else pictures.pop()
        if pictures:
            self.tenants[tenant] = pictures  # at the end
        return one


class Lines:
    def __init__(self) -> None:
        self.tiers = {tier: Line(rule) for tier, rule in RULES.items()}
        self.contested = 0

    def next(self, now: float) -> Waiting | None:
        """Who is next, of all."""
        premium, free = self.tiers["premium"], self.tiers["free"]
        if premium.tenants and free.tenants:
            self.contested = (self.contested + 1) % BLOGS_TURN
            return (premium if self.contested else free).next(now)
        if premium.tenants or free.tenants:
            return (premium if premium.tenants else free).next(now)
        return None
