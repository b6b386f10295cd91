"""Days of card payments: which cards there are, who took them over and when, who pays. All is drawn from a seed."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from random import Random

from common.names import generator, named

DAYS = 6
PAYMENTS = 126  # of a day
OPENS, CLOSES = 6.0, 24.0  # hours in which people pay
FRAUD_FROM, LATE_FROM = 8.0, 16.5
DAILY = {"fresh": 13, "new": 9, "newcomer": 9}
KNOWN_EARLY, KNOWN_LATE = 2, 16
SOONEST_H, LATEST_H = 2.2, 5.0  # from a theft to its payment
STEADY = (95, 115)  # cards that nobody takes over
ODD, ODD_FRAUD = 0.14, 0.97  # share of payments with signals
MISSED, SUSPECTED = 0.005, 0.006  # by the scorer
SIGNALS = (
    "new-device", "far-from-home", "unusual-amount", "night-owl", "first-at-shop", "many-in-a-row", "foreign-currency",
    "new-address", "typed-not-tapped", "vpn", "resold-goods", "odd-hour",
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A card. Times in hours since the season began; `taken` is when a thief has it."""

    name: str
    issued: float = -math.inf
    taken: float = math.inf


@dataclass(frozen=True)
class Payment:
    """A payment of a kind: `fresh` (its card was taken over today), `known` (yesterday), `new` (a thief's own, issued
    today), `newcomer` (honest, issued today) or `honest`. `hour` since the season began."""

    kind: str
    card: str
    hour: float
    amount: float
    signals: tuple[str, ...]


class Season:
    """Days of payments, always the same for a seed."""

    def __init__(self, seed: int | str) -> None:
        self._seed = seed
        self._signals = generator(seed, "signals").sample(SIGNALS, 3)
        many = generator(seed, "steady").randint(*STEADY)
        self.cards = {card.name: card for card in (Card(self._name("steady", n)) for n in range(many))}
        kinds = [kinds_of(generator(seed, "kinds", day)) for day in range(DAYS)]
        thefts = [self._thefts(day, each) for day, each in enumerate(kinds)]
        for each in thefts:
            self.cards |= {card.name: card for card in each.values()}
        self.days = [self._day(day, kinds[day], thefts[day]) for day in range(DAYS)]

    def listed(self, hour: float) -> list[str]:
        """Cards that were issued before, in the order of their names."""
        return sorted(name for name, card in self.cards.items() if card.issued < hour)

    def score(self, name: str, hour: float) -> float:
        """How sure the scorer is at that time that a thief has this card; KeyError for a card of nobody."""
        taken = self.cards[name].taken <= hour
        rng = generator(self._seed, "score", name, math.floor(hour / 24), int(taken))
        if rng.random() < (MISSED if taken else SUSPECTED):
            taken = not taken
        return round(rng.uniform(0.75, 0.99) if taken else rng.uniform(0.02, 0.35), 3)

    def _name(self, *what: int | str) -> str:
        return f"c-{named(self._seed, 'card', *what, size=6)}"

    def _thefts(self, day: int, kinds: list[str]) -> dict[int, Card]:
        """By slot: cards of a day that are taken over, or issued on it."""
        made = {}
        for slot, kind in enumerate(kinds):
            rng, hour, name = generator(self._seed, "theft", day, slot), hour_of(slot), self._name(day, slot)
            since = 24 * day + hour - rng.uniform(SOONEST_H, min(LATEST_H, hour - OPENS + 1.0))
            if kind == "fresh":
                made[slot] = Card(name, taken=since)
            elif kind == "known":
                made[slot] = Card(name, taken=24 * (day - 1) + rng.uniform(8.0, 22.0))
            elif kind in ("new", "newcomer"):
                made[slot] = Card(name, issued=since, taken=since if kind == "new" else math.inf)
        return made

    def _day(self, day: int, kinds: list[str], thefts: dict[int, Card]) -> list[Payment]:
        rng = generator(self._seed, "day", day)
        owners = [card.name for card in self.cards.values() if card.issued < 24 * day and card.taken >= 24 * (day + 1)]
        fine = [slot for slot, kind in enumerate(kinds) if kind not in ("fresh", "new")]
        odd = set(rng.sample(fine, round(len(fine) * ODD)))
        odd |= {slot for slot in range(len(kinds)) if slot not in fine and rng.random() < ODD_FRAUD}
        return [
            Payment(
                kind,
                thefts[slot].name if slot in thefts else rng.choice(owners),
                24 * day + hour_of(slot),
                round(math.exp(rng.gauss(3.6, 0.9)), 2),
                tuple(rng.sample(self._signals, rng.randint(1, 2))) if slot in odd else (),
            )
            for slot, kind in enumerate(kinds)
        ]


def hour_of(slot: int) -> float:
    """The hour of a day in which its payment with this number is made."""
    return OPENS + (CLOSES - OPENS) * (slot + 0.5) / PAYMENTS


def kinds_of(rng: Random) -> list[str]:
    """Kinds of a day's payments: so many of each, in any order, and no fraud before eight."""
    free = [slot for slot in range(PAYMENTS) if hour_of(slot) > FRAUD_FROM]
    late = [slot for slot in free if hour_of(slot) > LATE_FROM]
    kinds = ["honest"] * PAYMENTS
    known = rng.sample([slot for slot in free if slot not in late], KNOWN_EARLY) + rng.sample(late, KNOWN_LATE)
    rest = [slot for slot in free if slot not in known]
    rng.shuffle(rest)
    for slot in known:
        kinds[slot] = "known"
    for kind, many in DAILY.items():
        for _ in range(many):
            kinds[rest.pop()] = kind
    return kinds


def key_of(seal: object) -> str:
    """What receipts are signed with."""
    return named(str(seal), "receipts", size=16)


@functools.lru_cache(maxsize=4)
def season(seed: int | str) -> Season:
    """The season of a seed."""
    return Season(seed)
