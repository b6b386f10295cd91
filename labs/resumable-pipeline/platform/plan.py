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
    """One tenant's night.

    Attributes:
        first_kill: the paid call, counted from 1, during which the machine goes down for the first time.
        limits: two bytes of a file past which nothing can be written, each with what happens there, `kill` or `full`.
    """

    tenant: Tenant
    night: str
    first_kill: int
    limits: tuple[tuple[int, str], ...]

    @property
    def before(self) -> str:
        """The night of the artefact that is there already."""
        return (date.fromisoformat(self.night) - timedelta(days=1)).isoformat()


def draw(seed: int, count: int = NIGHTS) -> list[Plan]:
    """The nights of a seed, in the order in which they begin."""
    rng = random.Random(f"nights/{seed}")
    night = (date(2026, 1, 1) + timedelta(days=rng.randrange(300))).isoformat()
    return [
        Plan(
            tenant=Tenant(f"{rng.choice(NAMES)}-{rng.getrandbits(24):06x}", rng.getrandbits(48)),
            night=night,
            first_kill=rng.randint(4, 11),
            limits=tuple((rng.randint(30_000, 65_000), at_limit) for at_limit in rng.sample(("kill", "full"), 2)),
        )
        for _ in range(count)
    ]


def ticket(seed: int, tenant: str, aspect: str) -> str:
    """What one asks by for how a night went, in one respect: nobody can who does not know the seed."""
    return hashlib.sha256(f"{seed}/{tenant}/{aspect}".encode()).hexdigest()[:20]
