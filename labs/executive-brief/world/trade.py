"""Five weeks of sales in buckets of ten minutes: what would have been sold, what outages took, and what came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from common.names import generator, named
from doubts import doubt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WEEKS, DAYS, DAY, MINUTES = 5, 35, 144, 10
"""Weeks and days of sales, buckets in a day, minutes in a bucket."""

REGIONS = (0.55, 0.3, 0.15)
RETURN_HOURS, RETURN, DEPTH = (2.5, 3.8), (0.15, 0.5), (0.65, 1.0)
"""So long people come back after an outage, fewer and fewer; the share of what was lost that does, in a month; and the
share of sales that an outage takes."""

DAY_NOISE = 0.01
"""Of a day's level, beside what is restless: standard deviation. From one day to the next that is nearly 2 %."""

SPELLS = 1, 3, 6, 12, 24
"""Buckets that a good or a bad spell lasts; a month has one of these."""

LEAST = 0.12
"""Share of a day's sales that outages take at least."""


@dataclass
class Event:
    """A line of the outages; `lost` is what it took for good, in EUR; `depth` the share of sales that it took. Times in
    minutes since the first Monday."""

    id: str
    begin: int
    end: int
    component: str
    planned: bool = False
    status: str = "confirmed"
    depth: float = 1.0
    lost: float = 0.0

    @property
    def counts(self) -> bool:
        """Whether it is an outage as the CFO means it."""
        return not self.planned and self.status == "confirmed"

    @property
    def span(self) -> tuple[int, int]:
        """Its first bucket and its last."""
        return self.begin // MINUTES, self.end // MINUTES


@dataclass
class Trade:
    """Sales of a month. `would`, `was`: EUR in each bucket, all regions together, in UTC. `doubt`: EUR that a plain
    reckoning of the loss is off, one standard deviation (`doubts.doubt`)."""

    start: np.datetime64
    offsets: dict[str, int]
    events: list[Event]
    sales: dict[str, Any]
    would: Floats
    was: Floats
    outages: list[Event] = field(init=False)
    doubt: float = field(init=False)

    def __post_init__(self) -> None:
        self.outages = [event for event in self.events if event.counts]
        self.doubt = doubt(self.would, [event.span for event in self.outages])

    @property
    def lost(self) -> float:
        """EUR that all outages took for good."""
        return sum(event.lost for event in self.outages)

    @property
    def worst(self) -> Event:
        """The outage that took most."""
        return max(self.outages, key=lambda event: event.lost)

    @property
    def bad(self) -> set[int]:
        """Weeks with an outage, from 0."""
        return {event.begin // (7 * DAY * MINUTES) for event in self.outages}

    def at(self, minute: float) -> np.datetime64:
        """A moment in UTC."""
        return self.start + np.timedelta64(int(60 * minute), "s")


def trade(seed: int | str, case: str, restless: float, components: list[str]) -> Trade:
    """The sales of a month, drawn until one outage is by far the worst. `restless`: what the month's doubt is to be, as
    a share of its loss; some 1 % is the least there is."""
    for again in range(200):
        made = _trade(generator(seed, case, "trade", again), seed, case, restless, components)
        lost = sorted(event.lost for event in made.outages)
        much = made.lost > LEAST * made.would.sum() / DAYS
        if much and lost[-1] >= 1.6 * lost[-2] and lost[0] > 0.1 * lost[-1] and 2 <= len(made.bad) <= 3:
            return made
    raise RuntimeError(f"no month for {case}")


def _trade(rng: Any, seed: int | str, case: str, restless: float, components: list[str]) -> Trade:
    numbers = np.random.default_rng(rng.getrandbits(64))
    start = np.datetime64("2025-01-06T00:00:00") + np.timedelta64(7 * rng.randrange(90), "D")
    offsets = dict(zip(_names(seed, case, "region", len(REGIONS)), _offsets(rng), strict=True))
    events = _events(rng, seed, case, components, next(iter(offsets.values())))
    price, level = rng.uniform(8, 19), rng.uniform(5_000, 9_000)
    growth, shape = rng.uniform(-0.03, 0.04), _shape(rng)
    returns, hours = rng.uniform(*RETURN), rng.uniform(*RETURN_HOURS)
    count = DAYS * DAY
    noise = np.exp(np.interp(np.arange(count), np.arange(DAYS) * DAY + DAY // 2, numbers.normal(0, DAY_NOISE, DAYS)))
    trend = (1 + growth) ** (np.arange(count) / (7 * DAY))
    rates = {
        region: level * share * trend * noise * np.roll(shape, -offset * 6)[np.arange(count) % (7 * DAY)]
        for (region, offset), share in zip(offsets.items(), REGIONS, strict=True)
    }
    spell = rng.choice(SPELLS)
    spells = np.repeat(numbers.normal(0, 1, count // spell + 1), spell)[rng.randrange(spell) :][:count]
    swing = np.exp(_size(sum(rates.values()), spells, events, restless, returns) * spells)
    columns: dict[str, list[Any]] = {"ts": [], "region": [], "orders": [], "amount": []}
    would, was = np.zeros(count), np.zeros(count)
    for region, offset in offsets.items():
        orders = numbers.poisson(rates[region] * swing)
        kept = _hit(numbers, orders, events, price, returns, hours)
        paid = price * numbers.normal(1, 0.6 / np.sqrt(np.maximum(kept, 1)))
        columns["ts"].append(start + (np.arange(count) * MINUTES + offset * 60).astype("timedelta64[m]"))
        columns["region"].append(np.full(count, region))
        columns["orders"].append(kept)
        columns["amount"].append(np.round(kept * np.maximum(paid, 0)).astype(np.int64))
        would += orders * price
        was += columns["amount"][-1]
    order = np.argsort(np.concatenate(columns["ts"]), kind="stable")
    sales = {name: np.concatenate(parts)[order] for name, parts in columns.items()}
    return Trade(start, offsets, events, sales, would, was)


def _size(rate: Floats, spells: Floats, events: list[Event], restless: float, returns: float) -> float:
    """How large spells have to be for that doubt: their standard deviation, of the logarithm."""
    counted = [event for event in events if event.counts]

    def square(size: float) -> float:
        """Of the doubt, as a share of the loss."""
        would = rate * np.exp(size * spells)
        lost = sum(event.depth * (1 - returns) * would[slice(*event.span)].sum() for event in counted)
        return float(doubt(would, [event.span for event in counted]) / lost) ** 2

    least, size = square(0.0), restless
    for _ in range(2):  # what spells add to it grows with their square, nearly
        size *= (max(restless**2 - least, 0.0) / max(square(size) - least, 1e-9)) ** 0.5
    return min(size, 0.5)


def _hit(
    numbers: np.random.Generator, orders: Any, events: list[Event], price: float, returns: float, hours: float
) -> Any:
    """What is left of a region's orders, with those that came back later. What an outage took is noted with it."""
    kept = orders.copy()
    for event in events:
        if event.status != "confirmed":
            continue
        edges = np.arange(event.begin // MINUTES, -(-event.end // MINUTES))
        begins = np.maximum(edges * MINUTES, event.begin)
        part = (np.minimum((edges + 1) * MINUTES, event.end) - begins) / MINUTES
        depth = 1.0 if event.planned else event.depth
        gone = numbers.binomial(orders[edges], depth * part)
        kept[edges] -= gone
        back = 0 if event.planned else round(returns * gone.sum())
        after = np.arange(event.end // MINUTES + 1, event.end // MINUTES + 1 + int(hours * 6))
        weight = np.linspace(1, 0.1, len(after))
        np.add.at(kept, after, numbers.multinomial(back, weight / weight.sum()))
        event.lost += price * float(gone.sum() - back)
    return kept


def _events(rng: Any, seed: int | str, case: str, components: list[str], offset: int) -> list[Event]:
    """Outages on days of the week of their own, in the morning, at noon or in the evening of the largest region; a
    planned window at night; an alarm that was none."""
    while True:
        many = rng.choice([2, 3, 3, 4])
        found: list[tuple[int, int]] = []
        for weekday in rng.sample(range(7), many + 1):
            planned = len(found) == many
            hour = (
                rng.uniform(2.5, 4)
                if planned
                else rng.choice([rng.uniform(7.5, 10), rng.uniform(11, 14), rng.uniform(18.5, 21)])
            )
            day = 7 * rng.randrange(WEEKS) + weekday
            begin = int(60 * (24 * day + (hour - offset) % 24))
            found.append((begin, begin + (rng.randrange(90, 150) if planned else rng.randrange(70, 181))))
        if _apart(found):
            break
    ids = _names(seed, case, "outage", many + 2)
    events = [
        Event(ids[at], *span, component=rng.choice(components), depth=rng.uniform(*DEPTH))
        for at, span in enumerate(found)
    ]
    events[-1].planned = True
    free = [day for day in range(1, DAYS - 1) if all(abs(day - begin / 1440) > 2 for begin, _ in found)]
    begin = int(60 * (24 * rng.choice(free) + rng.uniform(17, 20)))
    events.append(Event(ids[-1], begin, begin + rng.randrange(60, 200), rng.choice(components), status="false alarm"))
    rng.shuffle(events)
    return events


def _apart(spans: list[tuple[int, int]]) -> bool:
    """Far from each other, also in the week, and from the ends of both: so each has whole weeks to be compared with."""
    week = 7 * 1440
    for at, (begin, end) in enumerate(spans):
        if begin < 1440 or end > (DAYS - 1) * 1440 or end % week < begin % week or end % week > week - 300:
            return False
        for other, _ in spans[:at]:
            if abs(begin - other) < 2160 or min((begin - other) % week, (other - begin) % week) < 780:
                return False
    return True


def _shape(rng: Any) -> Floats:
    """Of a week in local time, in buckets; its mean is one."""
    hours = np.arange(7 * DAY) / 6
    clock = hours % 24
    noon, evening = rng.uniform(0.4, 0.8), rng.uniform(0.9, 1.5)
    curve = 0.15 + noon * _hill(clock, rng.uniform(12, 13.5), 2.5) + evening * _hill(clock, rng.uniform(19.5, 21), 2.6)
    days = np.array([rng.uniform(0.85, 1.1) for _ in range(4)] + [rng.uniform(1.15, 1.5) for _ in range(3)])
    smooth = np.interp(hours, np.arange(8) * 24 + 12 - 24, np.append(days[-1], days), period=168)
    shape = curve * smooth
    whole: Floats = shape / shape.mean()
    return whole


def _hill(clock: Floats, middle: float, width: float) -> Floats:
    away = np.abs(clock - middle)
    hill: Floats = np.exp(-((np.minimum(away, 24 - away) / width) ** 2))
    return hill


def _offsets(rng: Any) -> list[int]:
    """Hours that clocks are ahead of UTC, none of them zero."""
    first = rng.choice([-6, -5, -4, -3, 3, 4, 5, 6])
    return [first, first + rng.choice([-2, -1, 1, 2]), first + rng.choice([-8, -7, 7, 8])]


def _names(seed: int | str, case: str, what: str, count: int) -> list[str]:
    return [f"{what[0]}-{named(seed, case, what, at, size=3)}" for at in range(count)]
