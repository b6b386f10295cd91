"""The tables there are: their columns, how each is spread, and what can go wrong with its unit. Plain data.

Every range is drawn from anew for each stream, so that two streams of a domain share columns and shapes, not numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True)
class Number:
    """A numeric column.

    Attributes:
        name: as in the table.
        log: whether it is spread evenly on a logarithmic scale (amounts, times) or on a plain one.
        centre: median, in the column's unit.
        spread: standard deviation of the value, or of its natural logarithm if `log`.
        tail: `normal`, `heavy` (Student's t, 5 degrees of freedom) or `skewed` (gamma, shape 4).
        missing: share of rows without a value.
        units: mistakes of unit that happen to it, as (factor, offset).
    """

    name: str
    log: bool
    centre: Range
    spread: Range
    tail: str
    missing: Range
    units: tuple[Range, ...]


@dataclass(frozen=True)
class Category:
    """A column of words, with the words that it knows."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Domain:
    """A kind of table. `about` says what a row is, `outcome` what the score predicts and the label reports."""

    name: str
    about: str
    outcome: str
    numbers: tuple[Number, ...]
    categories: tuple[Category, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns, numbers first."""
        return (*(number.name for number in self.numbers), *(category.name for category in self.categories))


THOUSAND = ((1000.0, 0.0), (0.001, 0.0))
CENTS = ((100.0, 0.0), (0.01, 0.0))
FAHRENHEIT = ((1.8, 32.0),)

_ALL = (
    Domain(
        name="parcels",
        about="a parcel that was handed in",
        outcome="it arrives late",
        numbers=(
            Number("weight_kg", True, (1.5, 4.0), (0.5, 0.8), "normal", (0.0, 0.02), THOUSAND),
            Number("distance_km", True, (60, 200), (0.5, 0.8), "skewed", (0.0, 0.01), THOUSAND),
            Number("declared_eur", True, (30, 90), (0.6, 0.8), "heavy", (0.05, 0.12), CENTS),
        ),
        categories=(
            Category("service", ("express", "standard", "economy", "locker")),
            Category("route", ("north", "south", "east", "west", "island", "abroad")),
        ),
    ),
    Domain(
        name="orders",
        about="an order in a shop",
        outcome="it is sent back",
        numbers=(
            Number("basket_eur", True, (25, 80), (0.5, 0.8), "heavy", (0.0, 0.01), CENTS),
            Number(
                "account_days", True, (150, 500), (0.6, 0.8), "normal", (0.03, 0.08), ((1440.0, 0.0), (86400.0, 0.0))
            ),
            Number("discount_pct", False, (12, 18), (3.0, 5.0), "skewed", (0.0, 0.02), ((100.0, 0.0),)),
        ),
        categories=(
            Category("device", ("phone", "desktop", "tablet", "app")),
            Category("department", ("shoes", "garden", "books", "toys", "kitchen", "sports")),
        ),
    ),
    Domain(
        name="loans",
        about="an application for a loan",
        outcome="the first instalment is missed",
        numbers=(
            Number("amount_eur", True, (4000, 12000), (0.5, 0.7), "normal", (0.0, 0.01), THOUSAND),
            Number("income_eur", True, (1800, 3600), (0.35, 0.5), "heavy", (0.04, 0.1), THOUSAND),
            Number("age_years", False, (36, 46), (8.0, 12.0), "skewed", (0.0, 0.01), ((12.0, 0.0), (365.0, 0.0))),
        ),
        categories=(
            Category("purpose", ("car", "home", "debt", "study", "travel", "other")),
            Category("branch", ("web", "phone", "partner", "office")),
        ),
    ),
    Domain(
        name="coldchain",
        about="a reading of a sensor in a cooled truck",
        outcome="the load is refused",
        numbers=(
            Number("temperature_c", False, (3.0, 6.0), (0.8, 1.3), "normal", (0.01, 0.04), FAHRENHEIT),
            Number("door_open_s", True, (25, 70), (0.6, 0.8), "skewed", (0.0, 0.02), THOUSAND),
            Number("battery_v", False, (3.5, 3.8), (0.08, 0.14), "normal", (0.0, 0.02), THOUSAND),
        ),
        categories=(
            Category("depot", ("alder", "birch", "cedar", "elm", "fir", "hazel", "oak")),
            Category("goods", ("fish", "dairy", "fruit", "vaccine")),
        ),
    ),
    Domain(
        name="claims",
        about="a claim at an insurance",
        outcome="it goes to court",
        numbers=(
            Number("claimed_eur", True, (500, 1500), (0.6, 0.8), "heavy", (0.0, 0.02), THOUSAND),
            Number("report_delay_h", True, (20, 60), (0.5, 0.8), "normal", (0.02, 0.06), ((60.0, 0.0), (3600.0, 0.0))),
            Number("speed_kmh", False, (54, 66), (8.0, 11.0), "normal", (0.05, 0.12), ((0.0278, 0.0), (1000.0, 0.0))),
        ),
        categories=(
            Category("cover", ("liability", "partial", "full")),
            Category("cause", ("parking", "crash", "hail", "theft", "glass", "game")),
        ),
    ),
)

DOMAINS = {domain.name: domain for domain in _ALL}
