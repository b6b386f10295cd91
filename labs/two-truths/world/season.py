"""A season: customers and what they do, definitions, checkouts, and the rows of two training sets; all from a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import definitions
from common.names import generator, named
from definitions import BASE, CALENDAR, SHARE_OF_REFUNDS, Definition
from habits import Habits
from truth import Event, value

OPENING, CHECKOUTS, LAP = 12, 240, 84
"""Checkouts before anything is judged, and after that; each customer has one in a lap of them."""
PAIRS = ((OPENING, 66), (78, 87))
"""Of which checkouts the training sets ask again: from which on, and of how many."""
PAIRED, OF_EACH = 60, {"training": 66, "leak": 64, "versions": 50}
OF_TODAY = 25
"""How many rows of `training`, at most, and of `versions`, have a moment of today, of each batch."""
BATCH = PAIRED + sum(OF_EACH.values())
FIRST, VERSIONS = ("s1", "s2", "s3"), ("v1", "v2", "v3")
Key = tuple[str, int]


@dataclass(frozen=True)
class Moment:
    """A customer at a moment, the name of a set, and why it is asked: `first` or `versions` of a checkout, `training`,
    `leak`, `versions` or `agree` of a row. `pair` is the number of the checkout whose moment it is, of a row."""

    customer: str
    at: datetime
    set: str
    kind: str
    pair: int = -1


class Season:
    """All of it. `today` is when the first checkout opens, `second` the number of later versions: in the everyday one
    season comes after another, and no version may come to mean something else. The first two `edits` come before
    anybody asks for these versions; `again` has the others, and versions that come again as they were."""

    def __init__(self, seed: int, second: int = 2) -> None:
        self.seed, self._second = seed, second
        rng = generator(seed, "day")
        self.today = datetime(2026, 4, 21, 7, tzinfo=UTC) + timedelta(
            days=rng.randrange(35), minutes=rng.randrange(300)
        )
        self.customers = ["c" + named(seed, "customer", number) for number in range(LAP)]
        self.base = {(one.name, 1): one for one in BASE}
        self._draw_definitions(generator(seed, "definitions"))
        self._draw_sets(generator(seed, "sets"))
        self.checkouts = self._draw_checkouts(generator(seed, "checkouts"))
        self._draw_rows(generator(seed, "rows"))

    def _draw_definitions(self, rng: random.Random) -> None:
        stays = rng.choice([one.name for one in BASE if one.kind == CALENDAR])
        old = [one for one in BASE if one.name not in (SHARE_OF_REFUNDS, stays)]
        self.old = rng.sample(old, 3)
        names = ["f_" + named(self.seed, "feature", number, size=3) for number in range(6)]
        second = [definitions.changed(rng, one, self._second) for one in self.old]
        made = second + definitions.new(rng, names)
        self.later: dict[Key, Definition] = {(one.name, one.version): one for one in made}
        edits = [definitions.edited(rng, one, n % 2 > 0) for n, one in enumerate((*self.old, rng.choice(made)))]
        self.definitions = self.base | self.later
        rng.shuffle(made)
        rng.shuffle(edits)
        self.registered_later, self.edits = made, edits
        self.again = edits[2:] + rng.sample(list(self.definitions.values()), 6)
        rng.shuffle(self.again)

    def _draw_sets(self, rng: random.Random) -> None:
        """`s` sets are of features that do not change; each `v` set has a first and a second version, and new ones."""
        still = [one.name for one in BASE if one not in self.old and one.name != SHARE_OF_REFUNDS]
        rng.shuffle(still)
        fresh = [name for name, version in self.later if version == 1]
        rng.shuffle(fresh)
        self.sets: dict[str, dict[str, int]] = {"s3": dict.fromkeys(still, 1)}
        for number in (0, 1):
            three = [SHARE_OF_REFUNDS, *still[:number], *still[number + 1 :]]
            self.sets[f"s{number + 1}"] = dict.fromkeys(rng.sample(three, 4), 1)
        for number in range(3):
            first, second = self.old[number].name, self.old[(number + 1) % 3].name
            names = {first: 1, second: self._second, fresh[2 * number]: 1, fresh[2 * number + 1]: 1}
            self.sets[f"v{number + 1}"] = dict(sorted(names.items(), key=lambda _: rng.random()))

    def _draw_checkouts(self, rng: random.Random) -> list[Moment]:
        found: list[Moment] = []
        at, order = self.today, list(self.customers)
        rng.shuffle(order)
        for number in range(OPENING + CHECKOUTS):
            at += timedelta(seconds=rng.randint(52, 75))
            kind = "versions" if number >= OPENING and number % 2 else "first"
            name = rng.choice(VERSIONS if kind == "versions" else FIRST)
            found.append(Moment(order[number % LAP], at, name, kind))
        return found

    def _draw_rows(self, rng: random.Random) -> None:
        """The rows of each batch, and the events of each customer, into which they and the checkouts plant."""
        wanted = [
            Moment(rng.choice(self.customers), self._past(rng), rng.choice(sets), kind)
            for kind, sets, many in (("training", FIRST, 260), ("leak", FIRST[:2], 240), ("versions", VERSIONS, 140))
            for _ in range(many)
        ]
        until = self.checkouts[-1].at
        self.events: dict[str, list[Event]] = {}
        for customer in self.customers:
            habits = Habits(generator(self.seed, "habits", customer), self.seed, customer, self.today)
            habits.live(until)
            own = [one for one in wanted + self.checkouts if one.customer == customer]
            for one in own:
                for feature in self.sets[one.set].items():
                    past = one.kind in ("leak", "versions") and one.at < self.today
                    later = past and self.definitions[feature].of_status
                    if later or rng.random() < (0.15 if habits.quiet else 0.8):
                        habits.plant(self.definitions[feature], one.at, later)
            since = self.today
            for one in self.checkouts:
                if one.customer == customer:
                    habits.visit(one.at, since)
                    since = one.at
            self.events[customer] = sorted(habits.events, key=lambda event: (event.at, event.id))
        self.batches = self._sorted(rng, wanted)

    def _past(self, rng: random.Random) -> datetime:
        """A moment of some day between 1 and 55 days ago, on a full second; half of them in the last hour of a day of
        UTC, when most zones have the next one."""
        at = self.today - timedelta(seconds=rng.randint(2 * 86_400, 55 * 86_400))
        return at.replace(hour=23) if rng.random() < 0.5 else at

    def _sorted(self, rng: random.Random, wanted: list[Moment]) -> list[list[Moment]]:
        """Two batches of what was wanted, by what it turned out to be: a row is of `leak` if statuses that were
        recorded later would change it."""
        kinds: dict[str, list[Moment]] = {kind: [] for kind in OF_EACH}
        for one in wanted:
            kind = "versions" if one.kind == "versions" else "leak" if self._leaks(one) else "training"
            kinds[kind].append(Moment(one.customer, one.at, one.set, kind))
        kinds["versions"].sort(key=lambda row: not self._leaks(row))  # those first
        batches = []
        for start, many in PAIRS:
            rows = [
                Moment(one.customer, one.at, one.set, "agree", number)
                for number in rng.sample(range(start, start + many), PAIRED)
                for one in [self.checkouts[number]]
            ]
            kinds["training"][:0] = self._of_today(rng, range(start, start + many), "versions", FIRST, "training")
            kinds["versions"][:0] = self._of_today(rng, range(start, start + many), "first", VERSIONS, "versions")
            for kind, count in OF_EACH.items():
                rows += [kinds[kind].pop(0) for _ in range(count)]
            rng.shuffle(rows)
            batches.append(sorted(rows, key=lambda row: row.set))
        return batches

    def _of_today(
        self, rng: random.Random, numbers: range, asked: str, sets: tuple[str, ...], kind: str
    ) -> list[Moment]:
        """Rows of checkouts' moments with sets that no such checkout asks for."""
        found = [self.checkouts[number] for number in numbers if self.checkouts[number].kind == asked]
        rows = [
            Moment(one.customer, one.at, rng.choice(sets), kind, self.checkouts.index(one))
            for one in rng.sample(found, OF_TODAY)
        ]
        return [row for row in rows if kind == "versions" or not self._leaks(row)]

    def _leaks(self, one: Moment) -> bool:
        return self.values(one) != self.values(one, leaks=True)

    def values(self, one: Moment, leaks: bool = False) -> dict[str, float | None]:
        """What is true at a moment, or, with `leaks`, with the statuses of later."""
        features: Mapping[str, int] = self.sets[one.set]
        events = self.events[one.customer]
        return {key[0]: value(self.definitions[key], events, one.at, leaks) for key in features.items()}

    @cached_property
    def truth(self) -> list[list[dict[str, float | None]]]:
        """The values of each row of each batch."""
        return [[self.values(row) for row in rows] for rows in self.batches]
