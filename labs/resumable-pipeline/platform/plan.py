"""Which tenants have a night, and what happens in it: all drawn from one seed."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import date, timedelta

from tenants import Tenant

NIGHTS = 12
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
        kills: how many steps' worth has been paid for when the machine goes down for the first time, and for the
            second, of 13. What is paid for twice does not bring it nearer.
        limits: two bytes of a file past which nothing can be written, each with what happens there, `kill` or `full`.
        announcements: of the two that the machine goes down in, which is made all the same: `lost` and `made`.
    """

    tenant: Tenant
    yesterday: Tenant
    night: str
    kills: tuple[int, int]
    limits: tuple[tuple[int, str], ...]
    announcements: tuple[str, ...]

    @property
    def before(self) -> str:
        """The night of the artefact that is there already."""
        return (date.fromisoformat(self.night) - timedelta(days=1)).isoformat()


def draw(seed: int, count: int = NIGHTS) -> list[Plan]:
    """The nights of a seed, in the order in which they begin."""
    rng = random.Random(f"nights/{seed}")
    night = (date(2026, 1, 1) + timedelta(days=rng.randrange(300))).isoformat()
    return [_plan(rng, f"{rng.choice(NAMES)}-{rng.getrandbits(24):06x}", night) for _ in range(count)]


def _plan(rng: random.Random, name: str, night: str) -> Plan:
    return Plan(
        tenant=Tenant(name, rng.getrandbits(48)),
        yesterday=Tenant(name, rng.getrandbits(48)),
        night=night,
        kills=(rng.randint(3, 5), rng.randint(9, 11)),
        limits=tuple((rng.randint(30_000, 42_000), at_limit) for at_limit in rng.sample(("kill", "full"), 2)),
        announcements=tuple(rng.sample(("lost", "made"), 2)),
    )


def ticket(seed: int, tenant: str, aspect: str) -> str:
    """What one asks by for how a night went, in one respect: nobody can who does not know the seed."""
    return hashlib.sha256(f"{seed}/{tenant}/{aspect}".encode()).hexdigest()[:20]
