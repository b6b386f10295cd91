"""What Kurier published in two weeks: numbers of couriers' days and districts' hours, many late or corrected."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from common.names import generator, named

MINUTE, HOUR, DAY = 60, 3_600, 86_400
DAYS, PUSHES_A_DAY = 14, 4
END = DAYS * DAY
FIRST = datetime(2026, 1, 1)


class Number(NamedTuple):
    """One line of a table: two values about a time, and when they were published (seconds since the first midnight).
    `first` is false for a correction."""

    key: str
    begins: int
    ends: int
    published: int
    values: tuple[float, float]
    first: bool


@dataclass(frozen=True)
class Table:
    """How a table is: `ttl` is how long after its end a number may be used; delays are from its end to its publication,
    prompt and late; corrections follow so much later. Seconds. `gap` is how many numbers an absence takes. A key's two
    values lie around some of `usual`."""

    name: str
    key: str
    columns: tuple[str, str]
    keys: int
    length: int
    ttl: int
    prompt: tuple[int, int]
    late: tuple[int, int]
    corrected: tuple[int, int]
    gap: tuple[int, int]
    gaps: int
    usual: tuple[tuple[float, float], tuple[float, float]]


TABLES = (
    Table("courier_days", "courier", ("late_share", "stops_per_hour"), 40, DAY, 2 * DAY, (3 * HOUR, 6 * HOUR),
          (26 * HOUR, 46 * HOUR), (5 * HOUR, 50 * HOUR), (4, 7), 1, ((0.05, 0.3), (4, 14))),
    Table("district_hours", "district", ("wait_minutes", "open_orders"), 12, HOUR, 6 * HOUR, (4 * MINUTE, 15 * MINUTE),
          (75 * MINUTE, 270 * MINUTE), (20 * MINUTE, 300 * MINUTE), (10, 18), 2, ((2, 12), (3, 20))),
)  # fmt: skip
LATE, CORRECTED, AGAIN, MISSING, NEW = 0.35, 0.35, 0.25, 0.12, 0.25
"""Shares: numbers that are late, that are corrected, and once more; that never come; keys that begin in mid-season."""


class Feed:
    """One table of a season: `keys`, and each one's numbers by what they are about, then by publication."""

    def __init__(self, seed: int, table: Table) -> None:
        self.table = table
        self.keys = [named(seed, table.name, at, size=3) for at in range(table.keys)]
        self.numbers: dict[str, list[Number]] = {}
        fresh = set(generator(seed, table.name, "new").sample(self.keys, int(NEW * table.keys)))
        for key in self.keys:
            lines = _lines(generator(seed, table.name, key), table, key, key in fresh)
            self.numbers[key] = sorted(lines, key=lambda line: (line.ends, line.published))
        self._ends = {key: [line.ends for line in lines] for key, lines in self.numbers.items()}
        self.published = sorted((n for lines in self.numbers.values() for n in lines), key=lambda n: n.published)
        self._times = [number.published for number in self.published]

    def about(self, key: str, since: int, until: int) -> list[Number]:
        """Numbers of a key about a time that ended within these bounds."""
        ends = self._ends[key]
        return self.numbers[key][bisect_left(ends, since) : bisect_right(ends, until)]

    def known(self, key: str, moment: int) -> Number | None:
        """What is right: of what was published by then and is fresh, the one about the latest time, as it was last
        published."""
        fresh = self.about(key, moment - self.table.ttl, moment)
        return next((number for number in reversed(fresh) if number.published <= moment), None)

    def between(self, after: int, until: int) -> list[Number]:
        """What was published after one moment, up to and with another, in that order."""
        return self.published[bisect_right(self._times, after) : bisect_right(self._times, until)]


class Season:
    """Two feeds, and the moments at which the lake sends what is new."""

    def __init__(self, seed: int) -> None:
        self.couriers, self.districts = (Feed(seed, table) for table in TABLES)
        self.feeds = (self.couriers, self.districts)
        rng, every = generator(seed, "pushes"), DAY // PUSHES_A_DAY
        self.pushes = [(at + 1) * every - rng.randrange(5 * HOUR) for at in range(DAYS * PUSHES_A_DAY)]
        self._first = FIRST + timedelta(days=generator(seed, "first day").randrange(330))

    def time(self, seconds: int) -> str:
        """A moment as it is written."""
        return (self._first + timedelta(seconds=seconds)).isoformat()


def _lines(rng: random.Random, table: Table, key: str, new: bool) -> list[Number]:
    """A key's season."""
    spans = END // table.length
    first = rng.randrange(spans // 4, spans // 2) if new else 0
    away: set[int] = set()
    for _ in range(table.gaps):
        long = rng.randint(*table.gap)
        begins = rng.randrange(max(first, spans // 6), spans - long)
        away.update(range(begins, begins + long))
    base = rng.uniform(*table.usual[0]), rng.uniform(*table.usual[1])
    used, times = set[float](), set[int]()
    found = []
    for at in range(first, spans):
        if at in away or rng.random() < MISSING:
            continue
        begins, ends = at * table.length, (at + 1) * table.length
        published = ends + rng.randint(*(table.late if rng.random() < LATE else table.prompt))
        values = _values(rng, base, used)
        is_first = True
        while published <= END:
            while published in times:
                published += 1
            times.add(published)
            found.append(Number(key, begins, ends, published, values, is_first))
            if rng.random() >= (CORRECTED if is_first else AGAIN):
                break
            is_first, published, values = False, published + rng.randint(*table.corrected), _values(rng, base, used)
    return found


def _values(rng: random.Random, base: tuple[float, float], used: set[float]) -> tuple[float, float]:
    """Two values that this key has not had yet."""
    pair = tuple(round(each * rng.lognormvariate(0, 0.35), 4) for each in base)
    if used & set(pair):
        return _values(rng, base, used)
    used.update(pair)
    return pair[0], pair[1]
