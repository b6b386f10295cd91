"""What the mart is told to hold: markets, the forms of their batches, and what goes wrong on which day.

Checked before it is taken. Days count from 0, the first day of the season; history has negative ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

HISTORY = 12
TEXTS = ("sku", "date")
NUMBERS = ("price", "discount", "temperature", "footfall", "sold")
COLUMNS = TEXTS + NUMBERS
UNITS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "price": {"EUR": (1.0, 0.0), "cent": (0.01, 0.0)},
    "discount": {"share": (1.0, 0.0), "percent": (0.01, 0.0)},
    "temperature": {"C": (1.0, 0.0), "F": (1 / 1.8, -32 / 1.8)},
    "footfall": {"visitors": (1.0, 0.0), "hundreds": (100.0, 0.0)},
    "sold": {"pieces": (1.0, 0.0), "dozens": (12.0, 0.0)},
}
"""Of each number its units; canonical value = value * factor + offset. The first unit is the canonical one."""

ABSENT = frozenset({"late", "down"})
BROKEN = frozenset({"empty", "null", "range", "unit", "duplicate", "short", "old", "text", "gone"})
ODD = frozenset({"extra", "shuffled", "busy"})
KINDS = ABSENT | BROKEN | ODD | {"mislabelled"}
MOST_MARKETS, MOST_DAYS = 200, 60


class BadPlan(ValueError):
    """A plan that cannot be held; the message names the market and what is wrong."""


@dataclass(frozen=True)
class Form:
    """How a market writes its batches from a day on.

    Attributes:
        version: counted from 1.
        since: the first day.
        names: of each column.
        units: of each number; one of `UNITS`, or any word for a unit in `scales`.
        scales: of units of the market's own: factor and offset.
        limits: of numbers whose least and greatest sound values are not those of `sales.LIMITS`; canonical.
        min_rows: the least number of rows, if it is not the usual one.
    """

    version: int
    since: int
    names: Mapping[str, str]
    units: Mapping[str, str]
    scales: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    min_rows: int | None = None

    def scale(self, column: str) -> tuple[float, float]:
        """Factor and offset: canonical value = value * factor + offset."""
        own = self.scales.get(column)
        return UNITS[column][self.units[column]] if own is None else own


@dataclass(frozen=True)
class Incident:
    """What is special about a day's batch.

    Attributes:
        kind: one of `KINDS`; README.md says what each does.
        until: day on which the sound batch is there; None: never.
        column: the column that it happens to, if it is one.
    """

    kind: str
    until: int | None = None
    column: str = ""

    @property
    def refusable(self) -> bool:
        """Whether nothing may be published of that day until the sound batch is there."""
        return self.kind in ABSENT | BROKEN


@dataclass(frozen=True)
class Market:
    """One market; the last `gap` days of history were published as copies of the day before them, but for `lacking`."""

    id: str
    gap: int
    forms: tuple[Form, ...]
    incidents: Mapping[int, Incident]
    lacking: frozenset[int] = frozenset()

    def form(self, day: int) -> Form:
        """The form in force on a day."""
        return [form for form in self.forms if form.since <= day][-1]

    def sound(self, day: int, on: int) -> bool:
        """Whether the batch of `day`, as it is to be had on day `on`, can be used."""
        incident = self.incidents.get(day)
        if incident is None or not incident.refusable:
            return True
        return incident.until is not None and on >= incident.until


@dataclass(frozen=True)
class Plan:
    """All markets of a season of `days` days; `first` is day 0, `day_s` the least real seconds a day lasts."""

    seed: int
    first: date
    days: int
    day_s: float
    markets: Mapping[str, Market]

    def date(self, day: int) -> str:
        """A day's date, ISO."""
        return (self.first + timedelta(days=day)).isoformat()

    def number(self, when: str) -> int:
        """The number of a date; ValueError if it is none."""
        return (date.fromisoformat(when) - self.first).days


def parse(raw: Any) -> Plan:
    """A plan from JSON.

    Raises:
        BadPlan: a key is missing or of no use.
    """
    try:
        markets = {each["id"]: _market(each, int(raw["days"])) for each in raw["markets"]}
        plan = Plan(
            int(raw["seed"]), date.fromisoformat(raw["first"]), int(raw["days"]), float(raw.get("day_s", 0)), markets
        )
    except BadPlan:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadPlan(f"plan: {error!r}") from error
    if not (0 < len(markets) <= MOST_MARKETS and 0 < plan.days <= MOST_DAYS):
        raise BadPlan(f"plan: 1 to {MOST_MARKETS} markets, 1 to {MOST_DAYS} days")
    return plan


def _market(raw: Mapping[str, Any], days: int) -> Market:
    try:
        forms = tuple(
            Form(
                version,
                int(each["since"]),
                dict(each["names"]),
                dict(each["units"]),
                _pairs(each.get("scales", {})),
                _pairs(each.get("limits", {})),
                each.get("min_rows"),
            )
            for version, each in enumerate(raw["forms"], start=1)
        )
        incidents = {
            int(each["day"]): Incident(each["kind"], each.get("until"), each.get("column", ""))
            for each in raw["incidents"]
        }
        lacking = frozenset(int(day) for day in raw.get("lacking", ()))
        market = Market(str(raw["id"]), int(raw["gap"]), forms, incidents, lacking)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadPlan(f"market {raw.get('id')!r}: {error!r}") from error
    _check(market, days)
    return market


def _pairs(raw: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    return {column: (float(first), float(second)) for column, (first, second) in raw.items()}


def _check(market: Market, days: int) -> None:
    name = f"market {market.id}"
    if not 0 <= market.gap < HISTORY or not market.lacking <= set(range(-market.gap, 0)):
        raise BadPlan(f"{name}: a gap of 0 to {HISTORY - 1} days, and nothing lacking but days of it")
    if not market.forms or market.forms[0].since > -HISTORY:
        raise BadPlan(f"{name}: has no form at the beginning")
    for form in market.forms:
        if set(form.names) != set(COLUMNS) or len(set(form.names.values())) != len(COLUMNS):
            raise BadPlan(f"{name}: a form names each of {', '.join(COLUMNS)} once")
        for column, units in UNITS.items():
            if column not in form.scales and form.units.get(column) not in units:
                raise BadPlan(f"{name}: {column} has no unit {form.units.get(column)!r}")
    for day, incident in market.incidents.items():
        if incident.kind not in KINDS or incident.column not in ("", *COLUMNS):
            raise BadPlan(f"{name}: no kind {incident.kind!r} of {incident.column!r}")
        if not -HISTORY <= day < days:
            raise BadPlan(f"{name}: {incident.kind} lies outside its days")
