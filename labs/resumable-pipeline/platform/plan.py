"""Which tenants have a night, and what happens in it: all drawn from one seed."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import date, timedelta

from tenants import PAGE, PAGES, Tenant

NIGHTS = 12
LAST = 13
"""Steps of a night: a page and a batch each, six times, and the labels."""
ASPECTS = ("finished", "once", "redone", "whole", "right")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Plan:
    """One tenant's night, and two before.

    Attributes:
        tenant, earlier: the documents of tonight, and of the earlier nights; none is of two.
        gaps: days between tonight and those. The first, long ago, is of the same weekday and day of the month, and of
            the same shelf where two, three, four, six or seven take turns; the second is the same week's and month's,
            unless tonight is the first of either.
        stops: how many steps' worth has been paid for on the first of them when the machine goes down again, and the
            byte past which nothing can be written on the way there. Only that night begins without a file: one that is
            appended to night after night has grown past any such byte by tonight, and is torn no more.
        joins: how many steps' worth has been paid for on the first of them when a second run starts.
        kills: how many steps' worth has been paid for when the machine goes down for the first time, and for the
            second, of LAST; one is odd and one even, so that a job that takes two steps as one meets both. The first is
            early more often than late, since notes that have grown past a byte by then are torn no more. What is paid
            for twice does not bring it nearer. The third time is the last step.
        meets: how many steps' worth has been paid for when a second run starts before the first of the kills. Only a
            night's first start does away with what an older night left, and maybe with the lock that lies there.
        labels: of how many documents labels have been paid for when it goes down in that call, the third time; if that
            comes earlier, then before its turn.
        growing: byte past which nothing can be written on the way to the second of the kills: whatever notes grow past
            it do so then. On the way to the first there is none, or its limit would tell a job when to keep notes.
        early, late: bytes past which nothing can be written as the machine goes down for the third time (None: there
            is none), and between the two announcements and after both.
        limits: two bytes of a file past which nothing can be written, each with what happens there, `kill` or `full`.
        announcements: of the two that the machine goes down in, which is made all the same: `lost` and `made`.
    """

    tenant: Tenant
    earlier: tuple[Tenant, Tenant]
    night: str
    gaps: tuple[int, int]
    stops: tuple[int, int]
    joins: int
    kills: tuple[int, int]
    meets: int
    labels: int
    growing: int
    early: int | None
    late: int
    limits: tuple[tuple[int, str], ...]
    announcements: tuple[str, ...]

    def oldest(self) -> Tenant:
        """The documents of the night before those three: what the artefact that is there at first was made of."""
        return Tenant(self.tenant.name, random.Random(f"{self.tenant.seed}/oldest").getrandbits(48))

    def before(self, days: int) -> str:
        """The night so many days before."""
        return (date.fromisoformat(self.night) - timedelta(days=days)).isoformat()


def draw(seed: int, count: int = NIGHTS) -> list[Plan]:
    """The nights of a seed, in the order in which they begin."""
    rng = random.Random(f"nights/{seed}")
    night = date(2026, 1, 1) + timedelta(days=rng.randrange(30 * 365))
    one, two = _word(rng), rng.choice((_word(rng), str(rng.randint(1, 99))))
    ends, marks = ("", f"-{one}", f".{one}", f"_{one}"), ["", *(mark + two for mark in rng.sample("-._", 2))]
    words = [_word(rng) + marks[n % 3] for n in range(-(-count // 4))]
    names = [f"{word}{end}" for word in words for end in ends]  # whoever takes two marks for one meets twins
    return [_plan(rng, name, night) for name in rng.sample(names, count)]


def _word(rng: random.Random) -> str:
    """Drawn by the letter: a list of words is soon known by heart."""
    return "".join(rng.choices(LETTERS, k=rng.randint(4, 9)))


def _gaps(rng: random.Random, night: date) -> tuple[int, int]:
    far = [days for days in range(84, 9000, 84) if (night - timedelta(days=days)).day == night.day]
    return rng.choice(far or [8400]), rng.randint(1, max(1, min(night.weekday(), night.day - 1)))


def _stops(rng: random.Random) -> tuple[int, int]:
    return rng.randint(10, LAST - 1), rng.randint(30_000, 42_000)


def _plan(rng: random.Random, name: str, night: date) -> Plan:
    first, tenant = min(rng.randint(2, 7), rng.randint(2, 7)), Tenant(name, rng.getrandbits(48))
    return Plan(
        tenant=tenant,
        earlier=(Tenant(name, rng.getrandbits(48)), Tenant(name, rng.getrandbits(48))),
        night=night.isoformat(),
        gaps=_gaps(rng, night),
        stops=_stops(random.Random(f"{tenant.seed}/stops")),
        joins=rng.choice((LAST, rng.randint(3, LAST - 1))),
        kills=(first, rng.choice([n for n in range(8, LAST) if (n - first) % 2])),
        meets=random.Random(f"{tenant.seed}/meets").randint(1, first - 1),
        labels=rng.randint(1, PAGE * PAGES),
        early=rng.choice((None, rng.randint(30_000, 42_000))),
        late=rng.randint(30_000, 42_000),
        limits=tuple((rng.randint(30_000, 42_000), at_limit) for at_limit in rng.sample(("kill", "full"), 2)),
        announcements=tuple(rng.sample(("lost", "made"), 2)),
        growing=random.Random(f"{tenant.seed}/growing").randint(30_000, 42_000),
    )


def ticket(seed: int, tenant: str, aspect: str) -> str:
    """What one asks by for how a night went, in one respect: nobody can who does not know the seed."""
    return hashlib.sha256(f"{seed}/{tenant}/{aspect}".encode()).hexdigest()[:20]
