"""The catalogue of a tenant, as it really is from day to day, and the feeds that tell of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random
from statistics import NormalDist, median
from string import ascii_uppercase
from typing import Any

from right import COLUMNS, OWN_BRAND, Row
from words import word

PARTS, LEAST = (68, 88), 44
"""How many parts a tenant has: in the beginning, and at least."""
SPREAD = {"price": (45, 0.9), "weight_g": (1000, 1.4), "age_days": (600, 0.9), "lead_h": (40, 0.8)}
"""Of a column: the median of all tenants, and the deviation of its logarithm."""
FACTORS = {
    "money": (100, 11.3, 25, 1 / 1000),
    "weight_g": (1 / 1000, 1 / 28.35, 16, 1000),
    "age_days": (24, 1440, 1 / 14),
    "lead_h": (1 / 24, 60, 1 / 12),
}
"""What a column is in another unit, if that has a name. It is off by ten or more, and nobody knows it before."""
UNITS = ("price and cost", "price", "cost", "weight_g", "age_days", "lead_h", "several columns")
ODD = ("sale", "dearer", "out of stock", "new parts", "other order", "one more column")
PLAIN, LATE = "plain", "late"
MOVING, RISE = ("price", "cost", "lead_h"), 1.16
"""Columns that rise or fall as a whole, one after the other: the part in the middle changes by less than a fifth."""
STRANGE = (24, 1500)
"""A factor that nobody has a name for, or one over it: no median that the contract promises stays one."""
DEAR = ((2600, 4900), (5100, 9000), (12_000, 90_000))
"""Some parts cost more than usual: there a price cap shows that nobody has set."""
FAR = {"price": (1, 1.9), "weight_g": (0.65, 2), "age_days": (0.3, 1.1), "lead_h": (0.5, 1.4)}
"""How far a shop may be from what is usual: its books are its own measure, and stay where the contract has them."""
SLIPS = (0, 0, 1, 2)
"""So many parts have another value in one column for a day, off as in another unit: the part in the middle stays."""
FINE = {"price": 2, "cost": 2, "weight_g": 1, "lead_h": 1}
WHOLE = dict.fromkeys(FINE)
"""Digits after the point."""
NUMBERS = ((20, 900), (1000, 9000), (10_000, 900_000))
"""Where the numbers of parts begin: the same at all tenants of an exam."""

STEM, LONG = (28, 44), 0.3
"""So many letters have long names in common (numbers of parts at all tenants, others at one), and so many are long."""


class Market:
    """A tenant's parts. Each column's median is the tenant's own; numbers of parts are other parts' at other tenants.
    Half of the tenants have whole numbers only, as a column in another unit has, so that no form of a number tells."""

    def __init__(self, rng: Random, numbers: Random) -> None:
        self._numbers, self._number = numbers, numbers.randint(*numbers.choice(NUMBERS))
        self._letters, self._joint = numbers.randint(1, 3), numbers.choice(("", "", "-", ".", "/"))
        self._digits = rng.choice((WHOLE, FINE))
        self._series, self._group = word(numbers, *STEM).upper(), word(rng, *STEM).title()
        self._machines = [self._name(rng) for _ in range(8)]
        self._makers = [self._name(rng) for _ in range(11)]
        far = {column: rng.choice(FAR[column]) for column in SPREAD}
        scales = {column: median * far[column] * rng.uniform(0.9, 1.1) for column, (median, _) in SPREAD.items()}
        count = rng.randint(*PARTS)
        ranks = {column: rng.sample(range(count), count) for column in SPREAD}
        self._scales, self._high = scales, {column for column in MOVING if far.get(column, far["price"]) > 1}
        self.parts = list[Row]()
        for at in range(count):
            values = {column: _spread(column, scales[column], (ranks[column][at] + 0.5) / count) for column in SPREAD}
            self.parts.append(self._part(rng, values))
        for at, number in enumerate(rng.sample(range(count), 4 * len(DEAR))):
            price = rng.uniform(*DEAR[at % len(DEAR)])
            self.parts[number] |= {"price": price, "cost": price * rng.uniform(0.4, 0.9)}

    def _renamed(self, rng: Random) -> None:
        """New parts may be for a machine, or from a maker, of which nobody has heard before."""
        for names in (self._machines, self._makers):
            if rng.random() < 0.3:
                names[rng.randrange(len(names))] = self._name(rng, *names)

    def _name(self, rng: Random, *others: str) -> str:
        """Of a machine or a maker, sometimes of the tenant's group, whose name is long."""
        name = _name(rng, *others)
        return f"{self._group} {name}" if rng.random() < LONG else name

    def _part(self, rng: Random, values: Row) -> Row:
        self._number += self._numbers.randint(1, 9)
        number = f"{''.join(self._numbers.choices(ascii_uppercase, k=self._letters))}{self._joint}{self._number}"
        return values | {
            "part": f"{self._series}-{number}" if self._numbers.random() < LONG else number,
            "cost": values["price"] * rng.choice((1.15, rng.uniform(0.4, 0.95), rng.uniform(0.4, 0.95))),
            "stock": _stock(rng),
            "age_days": max(1, round(values["age_days"])),
            "fits": rng.choice(self._machines),
            "maker": OWN_BRAND if rng.random() < 0.2 else rng.choice(self._makers),
        }

    def pass_days(self, rng: Random, way: str) -> None:
        """Some days later: prices, stock and lead times have moved, a part or two are new, or one is gone. A new one
        is much like the one whose place it takes: the part in the middle stays."""
        days, rises = rng.randint(1, 3), self._rises(rng, way)
        self._renamed(rng)
        for at, part in enumerate(self.parts):
            part["age_days"] += days
            self._correct(rng, part)
            if rng.random() < 0.4:
                part["price"] *= rng.uniform(0.97, 1.03)
            if rng.random() < 0.25:
                part["stock"] = _stock(rng)
            if at % 3 == 0 and way == LATE:  # about as long as finance can wait
                part["lead_h"] = rng.uniform(40, 110)
            elif at % 3 == 0 and rng.random() < 0.7:  # two in three stay: the part in the middle never moves
                part["lead_h"] = _spread("lead_h", self._scales["lead_h"], rng.uniform(0.02, 0.98))
            for column, rise in rises.items():
                part[column] *= rise
        here = [part for part in self.parts if "gone" not in part]
        going = len(here) // 4 if way == "new parts" else rng.random() < 0.3  # none comes for it, or for a whole range
        for part in rng.sample(here, max(0, min(going, len(here) - LEAST))):
            part["gone"] = True
        for at in rng.sample(range(len(self.parts)), 3 if way == "new parts" else rng.random() < 0.35):
            values = {column: self.parts[at][column] * math.exp(rng.gauss(0, 0.3)) for column in SPREAD}
            self.parts[at] = self._part(rng, values | {"age_days": rng.randint(1, 30)})

    def _rises(self, rng: Random, way: str) -> dict[str, float]:
        """By column: of all that move, or often of those that are sound while another is not. What rose falls again."""
        columns: Sequence[str] = MOVING if way == "dearer" else ()
        if way in UNITS and way != "several columns" and rng.random() < 0.3:
            columns = [column for column in MOVING if column not in way]
        self._high ^= set(columns)
        return {column: RISE if column in self._high else 1 / RISE for column in columns}

    def _correct(self, rng: Random, part: Row) -> None:
        """Somebody finds that what was said of a part was wrong: its machine, its maker or its weight."""
        if rng.random() < 0.02:
            part["fits"] = rng.choice(self._machines)
        if rng.random() < 0.02:
            part["maker"] = OWN_BRAND if rng.random() < 0.4 else rng.choice(self._makers)
        if rng.random() < 0.02:
            part["off"] = 1 / part.get("off", rng.choice((0.5, 2)))  # and back, the next time
            part["weight_g"] *= part["off"]

    def told(self, rng: Random, way: str) -> list[Row]:
        """The feed of today: rows as they should be read."""
        hit = set(rng.sample(range(len(self.parts)), len(self.parts) // 3))
        on_sale = way == "sale" or way in UNITS and rng.random() < 0.5
        rows = []
        for at, part in enumerate(self.parts):
            if "gone" in part:
                continue
            row = {column: part[column] for column in COLUMNS}
            if at in hit and on_sale:
                row["price"] *= 0.4
            if way == "out of stock" and rng.random() < 0.7:
                row["stock"] = 0
            for column, digits in self._digits.items():
                row[column] = round(row[column], digits)
            rows.append(row)
        column = rng.choice(UNITS[1:-1])
        middle = median(row[column] for row in rows)
        for row in rng.sample(rows, rng.choice(SLIPS)):
            up = row[column] > middle
            row[column] = max(1, round(row[column] * _strange(rng) ** (1 if up else -1)))
        return rows


def factors_of(rng: Random, way: str) -> dict[str, float]:
    """By column, how far it is off; nothing for a feed that is sound."""
    if way not in UNITS:
        return {}
    if way == "price and cost":
        return dict.fromkeys(("price", "cost"), _factor(rng, "money"))
    some = rng.sample(("price", "cost", "weight_g", "age_days", "lead_h"), rng.choice((2, 4, 5, 5)))
    columns = some if way == "several columns" else [way]
    return {column: _factor(rng, column) for column in columns}


def _factor(rng: Random, column: str) -> float:
    """One that has a name in two of five cases, else any in `STRANGE`, up or down."""
    if rng.random() < 0.4:
        return rng.choice(FACTORS.get(column, FACTORS["money"]))
    return _strange(rng) ** rng.choice((1, -1))


def _strange(rng: Random) -> float:
    return math.exp(rng.uniform(*map(math.log, STRANGE)))


def document(rng: Random, tenant: str, rows: Sequence[Row], way: str, factors: Mapping[str, float]) -> dict[str, Any]:
    """A feed as it is sent. A column in another unit is so in every row."""
    columns = list(COLUMNS)
    more = [
        rng.choice((f"{known}_{rng.randint(1, 99)}", f"{known}_{word(rng)}", f"{word(rng)}_{known}", word(rng)))
        for known in rng.sample(COLUMNS, rng.choice((1, 2)))
    ]
    both = way in (*UNITS, "other order", "one more column") and rng.random() < 0.5
    if way == "other order" or both:
        columns = rng.sample(columns[1:], len(columns) - 1)
        columns.insert(rng.randint(1, len(columns)), "part")
    if way == "one more column" or both:
        for name in more:
            columns.insert(rng.randint(1, len(columns)), name)
    sent = [
        [
            rng.choice((rng.randint(0, 9999), word(rng), None, ""))
            if column in more
            else _in_unit(row[column], factors.get(column))
            for column in columns
        ]
        for row in rows
    ]
    if way == "other order" or both:
        rng.shuffle(sent)
    return {"tenant": tenant, "columns": columns, "rows": sent}


def _in_unit(value: Any, factor: float | None) -> Any:
    if factor is None:
        return value
    return round(value * factor) if factor > 1 else round(value * factor, 4)


def _spread(column: str, median: float, share: float) -> float:
    return median * math.exp(SPREAD[column][1] * NormalDist().inv_cdf(share))


def _name(rng: Random, *others: str) -> str:
    """Of a machine or a maker: any text, sometimes one that begins as another does."""
    one, number = rng.choice((word(rng), word(rng).title(), word(rng, 1, 3).upper())), rng.randint(1, 9999)
    if others and rng.random() < 0.3:
        return f"{rng.choice(others)} {rng.choice((one, number))}"
    return rng.choice((f"{one}{number}", f"{one} {number}", f"{one} {word(rng)}", one + word(rng)))


def _stock(rng: Random) -> int:
    """Often just what some shop asks for at least, or one less."""
    if rng.random() < 0.15:
        return 0
    limits = 1, 2, 4, 5, 11, 12, 49, 50
    return rng.choice(limits) if rng.random() < 0.25 else rng.randint(1, rng.choice((80, 80, 40_000)))
