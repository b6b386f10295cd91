"""The catalogue of each tenant, in the units of the contract (evidence/CONTRACT.md)."""

from math import inf
from statistics import median
from typing import NamedTuple


class Part(NamedTuple):
    """A part: its fields are the columns of the contract that we read, by name, in whatever order they come."""

    part: str
    price: float
    cost: float
    weight_g: float
    stock: int
    age_days: float
    lead_h: float
    fits: str
    maker: str


# The columns that can come in another unit, and what the contract says of the median part. That is looked at only if no
# part of a feed is known: else a part is compared with itself, which is far sharper.
UNITS = {
    "price": (25, 175),
    "cost": (20, 150),
    "weight_g": (300, 4000),
    "age_days": (80, 1000),
    "lead_h": (12, 100),
}
LEAST_CHANGE = 0.2  # of the part in the middle; a sound column changes by less


class Catalogue:
    """What is shown of a tenant."""

    def __init__(self):
        self.parts = {}
        self.degraded = []
        self._sound = {}  # column -> part -> value, of the last feed in which that column was sound

    def take(self, columns, rows):
        """A feed replaces all parts; columns in another unit keep their last sound values."""
        feed = {column: [row[at] for row in rows] for at, column in enumerate(columns) if column in Part._fields}
        names, self.degraded = feed["part"], []
        for column in UNITS:
            new = dict(zip(names, feed[column], strict=True))
            if column in self._sound and not is_sound(column, new, self._sound[column]):
                self.degraded.append(column)
            else:
                self._sound[column] = new
            feed[column] = [self._sound[column].get(name) for name in names]
        made = map(Part, *(feed[column] for column in Part._fields))
        self.parts = {one.part: one for one in made if None not in one}  # None: never had a sound value


def is_sound(column, new, old):
    """Whether a column is in the unit that it had in its last sound feed."""
    changes = [change(new[part], old[part]) for part in new if part in old]
    if changes:
        return abs(median(changes) - 1) < LEAST_CHANGE
    low, high = UNITS[column]
    return low <= median(new.values()) <= high if new else True


def change(new, old):
    """How many times as much; no number, or none above zero, is no value of any sound column."""
    return new / old if type(new) in (int, float) and new > 0 else inf


_catalogues = {}


def of(tenant):
    """The catalogue of a tenant; empty if it has sent none."""
    return _catalogues.get(tenant) or Catalogue()


def take(document):
    """Take a feed."""
    _catalogues.setdefault(document["tenant"], Catalogue()).take(document["columns"], document["rows"])
