"""What happens in a week: eight regions, their requests step by step, and what went wrong in each.

A step is two minutes. The first day is there for windows to look back on; nothing of it is judged. An episode lasts
from its step `begins` until before `ends`. By `deadline` whoever is to be told has to know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from casebook.plan import Case
from numpy.typing import NDArray
from weeks.episodes import during, spread

STEP_S = 120
HOUR, A_DAY, DAYS = 30, 720, 8
SPAN = DAYS * A_DAY
JUDGED = SPAN - A_DAY
SERVICES = ("ingest", "asr", "deliver")
TARGET = 0.995
BUDGET_HOURS = 672.0
"""How long the budget of 28 days lasts at a burn rate of 1."""

BASE_BAD = 0.0006
BY_DAY, BY_NIGHT = (400.0, 900.0), 0.15
NIGHT = (0.5, 5.5)
"""From and to which hour it is night; mornings and evenings lie between."""

FAST, MEDIUM, LEAK = (30.0, 60.0), (9.0, 13.0), (1.8, 2.4)
SPENT = {"fast": 0.05, "medium": 0.10, "leak": 0.20}
"""The share of the budget that may be gone before somebody is told."""

FAST_BY_NIGHT, SMALL_HOURS = 2, 4 * HOUR
"""So many fast incidents of a stormy region begin after midnight, and before this: hardly anybody is there then."""

LASTS = {"medium": 0.15, "leak": 0.25}
FAST_LEAST, FAST_MORE = 20, (30, 48)
SILENT, SILENCE_TOLD = (23, 46), 12
FOLLOWS = (1, 5)
APART, QUIET_APART = 7 * HOUR, 2 * HOUR
LEAK_BY = 60 * HOUR

CALM_STEPS, STORMY_STEPS = 2, 3
"""Single steps of noise in a week of a calm region, and in one of a stormy region, clear of incidents."""

CLEAR = (6 * HOUR, HOUR)
"""So long after an incident, and before the next, a stormy region has no noise: a long window rightly rings again."""

CAUSES = ("cpu", "release", "depth", "synthetic", "scrape")
FALLEN = 0.01


class Planned(Case):
    """A case: a week. The world draws all of it."""


@dataclass(frozen=True)
class Episode:
    """Something that happens in a region. `services` are those that suffer, with what share of their requests is bad,
    and `follow` by how many steps the later ones are behind."""

    what: str
    kind: str
    begins: int
    ends: int
    deadline: int = 0
    services: tuple[int, ...] = ()
    shares: tuple[float, ...] = ()
    follow: tuple[int, ...] = ()


@dataclass
class Region:
    """A region and its week. `requests`, `bad`: by service and step. `seen` is false where its series are gone."""

    name: str
    stormy: bool
    episodes: list[Episode] = field(default_factory=list)
    requests: NDArray[Any] = field(default_factory=lambda: np.zeros((3, SPAN), int))
    bad: NDArray[Any] = field(default_factory=lambda: np.zeros((3, SPAN), int))
    seen: NDArray[Any] = field(default_factory=lambda: np.ones(SPAN, bool))

    @property
    def clean(self) -> list[int]:
        """Services of a calm region without a leak."""
        leaks = {service for each in self.episodes if each.what == "leak" for service in each.services}
        return [] if self.stormy else [service for service in range(3) if service not in leaks]


def generator(*of: object) -> np.random.Generator:
    """A generator of random numbers of its own, which tells nothing of any other."""
    return np.random.default_rng(int.from_bytes(hashlib.blake2b(repr(of).encode(), digest_size=16).digest()))


class Week:
    """A drawn week."""

    def __init__(self, seed: int, name: str) -> None:
        self.seed, self.name = seed, name
        rng = generator(seed, name, "regions")
        stormy = rng.permutation([True] * 4 + [False] * 4).tolist()
        self.regions = [Region(region, storm) for region, storm in zip(_names(rng, 8), stormy, strict=True)]
        for region in self.regions:
            own = generator(seed, name, region.name)
            region.episodes = sorted(_storms(own) if region.stormy else _calm(own), key=lambda each: each.begins)
            _count(own, region)

    def halves(self, region: Region) -> list[tuple[int, int]]:
        """The judged half-days of a region in which no incident is, nor was in the six hours before."""
        wild = [each for each in region.episodes if each.what in ("fast", "medium", "silence")]
        busy = during(SPAN, [each.begins for each in wild], [each.ends - each.begins + 6 * HOUR for each in wild])
        halves = range(A_DAY, SPAN, A_DAY // 2)
        return [(at, at + A_DAY // 2) for at in halves if not busy[at : at + A_DAY // 2].any()]


def clock(step: float) -> str:
    """A step of the week: day and time."""
    names = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    day, minutes = divmod(int(step * STEP_S) // 60, 1440)
    return f"{names[min(day, 7)]} {minutes // 60:02d}:{minutes % 60:02d}"


def _names(rng: np.random.Generator, many: int) -> list[str]:
    """Names of regions, drawn: syllables with a number."""
    heads = rng.permutation(["nord", "sued", "ost", "west", "mitte", "kueste", "berg", "see", "tal", "wald"])[:many]
    return [f"{head}-{int(rng.integers(1, 10))}" for head in heads]


def _storms(rng: np.random.Generator) -> Iterator[Episode]:
    """Three fast incidents, three medium, four silences."""
    fast = [_fast(rng) for _ in range(3)]
    made = [*fast, *(_medium(rng) for _ in range(3))]
    silent = ["fallen", "fallen", "vanished", "vanished"]
    made += [Episode("silence", kind, 0, int(rng.integers(*SILENT)), SILENCE_TOLD) for kind in silent]
    lengths = [each.ends for each in made]
    quiet = [number for number, each in enumerate(made) if each.what == "silence"]

    def fits(starts: NDArray[Any]) -> bool:
        """No silence at the hour of one the day before, and fast incidents at night."""
        if (starts[: len(fast)] % A_DAY < SMALL_HOURS).sum() < FAST_BY_NIGHT:
            return False
        return not any(
            abs(int(starts[a]) - int(starts[b]) - A_DAY) < 2 * SILENT[1] for a in quiet for b in quiet if a != b
        )

    starts = spread(rng, lengths, SPAN, APART, before=A_DAY, after=HOUR, fits=fits)
    for each, start in zip(made, starts.tolist(), strict=True):
        yield _moved(each, start)
    yield from _between(rng, starts.tolist(), lengths)


def _between(rng: np.random.Generator, starts: Sequence[int], lengths: Sequence[int]) -> Iterator[Episode]:
    """Noise of a stormy region: single steps at any hour, clear of incidents."""
    after, before = CLEAR
    taken = during(SPAN, [at - before for at in starts], [before + lasts + after for lasts in lengths])
    taken[:A_DAY] = taken[SPAN - HOUR :] = True
    for _ in range(STORMY_STEPS):
        begins = int(rng.choice(np.flatnonzero(~taken)))
        taken |= during(SPAN, [begins], [1], QUIET_APART)
        yield _noise(rng, "step", begins, 1, (0.30, 0.60))


def _moved(each: Episode, start: int) -> Episode:
    more = {"begins": start, "ends": start + each.ends, "deadline": start + each.deadline if each.deadline else 0}
    return Episode(**{**each.__dict__, **more})


def _fast(rng: np.random.Generator) -> Episode:
    burns = rng.uniform(*FAST, 3)
    told = max(FAST_LEAST, _steps("fast", burns[0]))
    first, *rest = rng.permutation(3).tolist()
    behind = sorted(rng.integers(*FOLLOWS, 2).tolist())
    lasts = told + int(rng.integers(*FAST_MORE))
    return Episode("fast", "fast", 0, lasts, told, (first, *rest), _shares(burns), (0, *behind))


def _medium(rng: np.random.Generator) -> Episode:
    burn = rng.uniform(*MEDIUM)
    lasts = int(LASTS["medium"] * BUDGET_HOURS / burn * HOUR)
    many = int(rng.integers(1, 3))
    services = tuple(rng.choice(3, many, replace=False).tolist())
    return Episode("medium", "medium", 0, lasts, _steps("medium", burn), services, _shares([burn] * many), (0,) * many)


def _steps(what: str, burn: float) -> int:
    """In how many steps so much of the budget is gone."""
    return int(SPENT[what] * BUDGET_HOURS / burn * HOUR)


def _shares(burns: Sequence[float] | NDArray[Any]) -> tuple[float, ...]:
    return tuple(float(burn) * (1 - TARGET) for burn in burns)


def _calm(rng: np.random.Generator) -> Iterator[Episode]:
    """Two slow leaks, and noise: five causes, five nights, and single steps."""
    for service in rng.choice(3, 2, replace=False).tolist():
        burn, begins = rng.uniform(*LEAK), A_DAY + int(rng.integers(0, LEAK_BY))
        lasts = int(LASTS["leak"] * BUDGET_HOURS / burn * HOUR)
        told = begins + _steps("leak", burn)
        yield Episode("leak", "leak", begins, begins + lasts, told, (service,), _shares([burn]), (0,))
    nights = rng.choice(DAYS - 1, 5, replace=False) + 1
    night = [int(day) * A_DAY + int(rng.integers(HOUR // 2, 5 * HOUR)) for day in nights]
    long = [int(rng.integers(2, 4)) for _ in night]
    for begins, lasts in zip(night, long, strict=True):
        yield _noise(rng, "night", begins, lasts, (0.15, 0.30))
    kinds = [*rng.permutation(CAUSES).tolist(), *["step"] * CALM_STEPS]
    lengths = [_cause_lasts(rng, kind) for kind in kinds]

    starts = _by_day(rng, lengths, night)
    for kind, start, lasts in zip(kinds, starts, lengths, strict=True):
        if kind == "step":
            yield _noise(rng, "step", start, 1, (0.30, 0.60))
        else:
            yield Episode("noise", kind, start, start + lasts)


def _by_day(rng: np.random.Generator, lengths: Sequence[int], nights: Sequence[int]) -> list[int]:
    """Where what is no noise of a night begins: by day, apart from each other and from the nights'."""
    taken = during(SPAN, list(nights), [3] * len(nights), QUIET_APART)
    found = []
    for lasts in lengths:
        while True:
            start = int(rng.integers(1, DAYS)) * A_DAY + int(rng.integers(8 * HOUR, 22 * HOUR - lasts))
            if not taken[start : start + lasts].any():
                break
        taken |= during(SPAN, [start], [lasts], QUIET_APART)
        found.append(start)
    return found


def _cause_lasts(rng: np.random.Generator, kind: str) -> int:
    longest = {"cpu": 5 * HOUR, "depth": 3 * HOUR, "synthetic": HOUR, "release": 15}
    return int(rng.integers(longest[kind] // 2, longest[kind])) if kind in longest else 1


def _noise(rng: np.random.Generator, kind: str, begins: int, lasts: int, shares: tuple[float, float]) -> Episode:
    service = int(rng.integers(3))
    return Episode("noise", kind, begins, begins + lasts, 0, (service,), (rng.uniform(*shares),), (0,))


def _count(rng: np.random.Generator, region: Region) -> None:
    """Draw the requests of a region, and how many of them are bad."""
    hours = np.arange(SPAN) / HOUR % 24
    shape = np.interp(hours, [0, *NIGHT, 8.5, 22, 24], [0.25, 0, 0, 1, 1, 0.25])
    level = rng.uniform(*BY_DAY, (3, 1)) * (BY_NIGHT + (1 - BY_NIGHT) * shape)
    share = np.full((3, SPAN), BASE_BAD)
    for each in region.episodes:
        if each.what == "silence":
            level[:, each.begins : each.ends] *= FALLEN
            region.seen[each.begins : each.ends] &= each.kind != "vanished"
        for service, bad, behind in zip(each.services, each.shares, each.follow, strict=True):
            share[service, each.begins + behind : each.ends] += bad
    region.requests = rng.poisson(level)
    region.bad = rng.binomial(region.requests, share)
