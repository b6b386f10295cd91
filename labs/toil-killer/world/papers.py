"""What lies beside a tray: the policy, the registry, the people, the calendar."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from words import words

Bounds = dict[str, float]
LEVELS = 5
"""So deep an input's lineage may be."""


@dataclass(frozen=True)
class Person:
    """An account; somebody may have two. `left`: the last day, if that is known; it may be still to come."""

    account: str
    person: int
    team: str
    left: date | None

    def here(self, day: date) -> bool:
        """Whether this is no later than the last day."""
        return self.left is None or day <= self.left


@dataclass(frozen=True)
class Freeze:
    """From the first day to the last nothing of a portfolio goes live; portfolio `all` is each of them."""

    portfolio: str
    first: date
    last: date


@dataclass(frozen=True)
class Papers:
    """`taint` says of an input how many levels below a forbidden one it lies: 0 is forbidden itself, None is clean."""

    day: date
    policy: dict[str, Bounds]
    lineage: dict[str, list[str]]
    taint: dict[str, int | None]
    segments: list[str]
    people: list[Person]
    freezes: list[Freeze]

    def inputs(self, *taints: int | None) -> list[str]:
        """Inputs that lie so far below a forbidden one."""
        return [name for name, taint in self.taint.items() if taint in taints]

    def written(self) -> dict[str, object]:
        """As a tray has them."""
        registry = {
            name: {"status": "forbidden" if self.taint[name] == 0 else "free", "from": parents}
            for name, parents in self.lineage.items()
        }
        people = {
            one.account: {"person": one.person, "team": one.team, "left": one.left and one.left.isoformat()}
            for one in self.people
        }
        freezes = [
            {"portfolio": one.portfolio, "from": one.first.isoformat(), "until": one.last.isoformat()}
            for one in self.freezes
        ]
        return {
            "day": self.day.isoformat(),
            "policy": self.policy,
            "registry": {"inputs": registry, "segments": self.segments},
            "people": people,
            "calendar": freezes,
        }


def papers(rng: random.Random) -> Papers:
    """Those of one tray."""
    day = date(2026, 1, 1) + timedelta(days=rng.randrange(330))
    names = words(rng, 130)
    portfolios, teams, segments = names[:3], names[3:7], names[7:15]
    lineage, taint = _registry(rng, names[15:])
    return Papers(
        day, {name: _bounds(rng) for name in portfolios}, lineage, taint, segments,
        _people(rng, day, teams), _freezes(rng, day, portfolios),
    )  # fmt: skip


def _bounds(rng: random.Random) -> Bounds:
    return {
        "window_days": rng.randint(140, 540),
        "auc_drop": round(rng.uniform(0.005, 0.06), 3),
        "calibration": round(rng.uniform(0.04, 0.12), 3),
        "segment_auc": round(rng.uniform(0.54, 0.68), 3),
        "cutoff": round(rng.uniform(0.35, 0.6), 2),
        "ratio": round(rng.uniform(0.62, 0.87), 3),
        "psi": round(rng.uniform(0.06, 0.3), 3),
        "inputs": rng.randint(7, 13),
    }


def _registry(rng: random.Random, names: list[str]) -> tuple[dict[str, list[str]], dict[str, int | None]]:
    lineage: dict[str, list[str]] = {}
    taint: dict[str, int | None] = {}
    left = iter(names)
    for at in range(34):
        name = next(left)
        lineage[name], taint[name] = [], 0 if at < 5 else None
    for level in range(1, LEVELS):
        clean = [name for name, far in taint.items() if far is None]
        above = [name for name, far in taint.items() if far == level - 1]
        for at in range(15):
            name = next(left)
            parents = rng.sample(clean, rng.randint(1, 3))
            taint[name] = level if at < 5 else None
            lineage[name] = parents + [rng.choice(above)] if at < 5 else parents
            rng.shuffle(lineage[name])
    order = rng.sample(list(lineage), len(lineage))
    return {name: lineage[name] for name in order}, {name: taint[name] for name in order}


def _people(rng: random.Random, day: date, teams: list[str]) -> list[Person]:
    found: list[Person] = []
    accounts = iter(words(rng, 40))
    for person in rng.sample(range(100, 1000), 16):
        team = teams[len(found) % len(teams)]
        left = day + timedelta(days=_days_left(rng)) if rng.random() < 0.45 else None
        if len(found) > 11 and rng.random() < 0.5:
            left = day - timedelta(days=rng.randint(60, 400))
        for _ in range(rng.choice((1, 1, 2))):
            found.append(Person(next(accounts), person, team, left))
    gone, twice = rng.sample(range(1000, 2000), 2)
    found.append(Person(next(accounts), gone, teams[0], day - timedelta(days=rng.randint(60, 400))))
    found += [Person(next(accounts), twice, team, None) for team in teams[1:3]]
    return rng.sample(found, len(found))


def _days_left(rng: random.Random) -> int:
    """Days to somebody's last one: it is today, or to come, or was some days ago."""
    return rng.choice((0, rng.randint(1, 30), -rng.randint(1, 6)))


def _freezes(rng: random.Random, day: date, portfolios: list[str]) -> list[Freeze]:
    found: list[Freeze] = []
    first = day + timedelta(days=rng.randint(3, 8))
    for portfolio in [*rng.sample(portfolios, 3), "all"]:
        last = first + timedelta(days=rng.randint(2, 6))
        found.append(Freeze(portfolio, first, last))
        first = last + timedelta(days=rng.randint(3, 6))
    return rng.sample(found, len(found))
