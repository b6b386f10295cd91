"""Which tenants have a night, and what happens in it: all drawn from one seed."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import date, timedelta

from tenants import Tenant

NIGHTS = 12
LAST = 13
"""Steps of a night: a page and a batch each, six times, and the labels."""
ASPECTS = ("finished", "once", "redone", "whole", "right")
NAMES = (
    "aster", "birch", "cedar", "dahlia", "elder", "fern", "gorse", "hazel", "iris", "juniper", "kelp", "laurel",
    "maple", "nettle", "oak", "poplar",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """One tenant's night, and the one before.

    Attributes:
        tenant, yesterday: the documents of the two nights; none is of both.
        gap: days between them. Both are of one weekday, and by 91 of one day of the month too.
        joins: how many steps' worth has been paid for on the first of them when a second run starts.
        kills: how many steps' worth has been paid for when the machine goes down for the first time, and for the
            second, of LAST; one is odd and one even, so that a job that takes two steps as one meets both. What is paid
            for twice does not bring it nearer. The third time is the last step.
        early, late: bytes past which nothing can be written as the machine goes down for the third time (None: there
            is none), and between the two announcements.
        limits: two bytes of a file past which nothing can be written, each with what happens there, `kill` or `full`.
        announcements: of the two that the machine goes down in, which is made all the same: `lost` and `made`.
    """

    tenant: Tenant
    yesterday: Tenant
    night: str
    gap: int
    joins: int
    kills: tuple[int, int]
    early: int | None
    late: int
    limits: tuple[tuple[int, str], ...]
    announcements: tuple[str, ...]

    @property
    def before(self) -> str:
        """The night of the artefact that is there already."""
        return (date.fromisoformat(self.night) - timedelta(days=self.gap)).isoformat()


def draw(seed: int, count: int = NIGHTS) -> list[Plan]:
    """The nights of a seed, in the order in which they begin."""
    rng = random.Random(f"nights/{seed}")
    night = date(rng.randint(2026, 2029), rng.choice((7, 12)), rng.randint(8, 30)).isoformat()
    numbers = [f"{rng.getrandbits(24):06x}" for _ in range(4)]
    names = [f"{name}-{number}" for name in rng.sample(NAMES, -(-count // 4)) for number in numbers]
    return [_plan(rng, name, night) for name in rng.sample(names, count)]


def _plan(rng: random.Random, name: str, night: str) -> Plan:
    first = rng.randint(1, 7)
    return Plan(
        tenant=Tenant(name, rng.getrandbits(48)),
        yesterday=Tenant(name, rng.getrandbits(48)),
        night=night,
        gap=rng.choice((7, 91)),
        joins=rng.choice((LAST, rng.randint(3, LAST - 1))),
        kills=(first, rng.choice([n for n in range(8, LAST) if (n - first) % 2])),
        early=rng.choice((None, rng.randint(30_000, 42_000))),
        late=rng.randint(30_000, 42_000),
        limits=tuple((rng.randint(30_000, 42_000), at_limit) for at_limit in rng.sample(("kill", "full"), 2)),
        announcements=tuple(rng.sample(("lost", "made"), 2)),
    )


def ticket(seed: int, tenant: str, aspect: str) -> str:
    """What one asks by for how a night went, in one respect: nobody can who does not know the seed."""
    return hashlib.sha256(f"{seed}/{tenant}/{aspect}".encode()).hexdigest()[:20]
