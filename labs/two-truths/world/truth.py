"""What a definition says of a customer at a moment, in exact decimals, from what had been recorded by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from definitions import CALENDAR, ZERO, Definition
from zones import local, midnight

DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Event:
    """An order, or a page view, whose `number` is its amount, or its seconds. `column` is its channel, or its page.
    `statuses` are an order's, each with the moment at which it was recorded."""

    id: str
    customer: str
    at: datetime
    number: Decimal | None
    column: str
    statuses: tuple[tuple[str, datetime], ...] = ()

    @property
    def source(self) -> str:
        """The table that it is in."""
        return "orders" if self.statuses else "page_views"

    def status(self, at: datetime | None) -> str:
        """The newest that was recorded by then; None: ever."""
        return [status for status, recorded in self.statuses if at is None or recorded <= at][-1]


def begin(definition: Definition, at: datetime) -> datetime:
    """Where the window begins: what is exactly there is in it only if the window is of calendar days."""
    if definition.kind == CALENDAR:
        first = local(at, definition.zone).date() - timedelta(days=definition.days - 1)
        return midnight(first, definition.zone)
    return at - timedelta(days=definition.days)


def value(definition: Definition, events: Sequence[Event], at: datetime, leaks: bool = False) -> float | None:
    """The feature's value; `events` are all of the customer. With `leaks` statuses count that were recorded later."""
    since, calendar = begin(definition, at), definition.kind == CALENDAR
    rows = [
        one
        for one in events
        if since <= one.at <= at and (calendar or one.at > since) and one.source == definition.source
    ]
    kept = [one for one in rows if _matches(definition, one, None if leaks else at)]
    if definition.aggregate == "share":
        return _or_empty(definition, Fraction(len(kept), len(rows)) if rows else None)
    if definition.aggregate == "count":
        return _or_empty(definition, Fraction(len(kept)) if kept else None)
    if definition.aggregate == "days_since":
        since_us = [(at - one.at) // timedelta(microseconds=1) for one in kept]
        return _or_empty(definition, Fraction(min(since_us), DAY_US) if since_us else None)
    numbers = list(_numbers(definition, kept))
    if not numbers:
        return definition.empty
    if definition.aggregate == "max":
        return float(max(numbers))
    total = sum((Fraction(number) for number in numbers), Fraction(0))
    return float(total if definition.aggregate == "sum" else total / len(numbers))


def _matches(definition: Definition, one: Event, at: datetime | None) -> bool:
    return all((one.status(at) if key == "status" else one.column) == wanted for key, wanted in definition.where)


def _numbers(definition: Definition, rows: Sequence[Event]) -> Iterator[Decimal]:
    for one in rows:
        if one.number is not None:
            yield one.number
        elif definition.missing == ZERO:
            yield Decimal(0)


def _or_empty(definition: Definition, found: Fraction | None) -> float | None:
    return definition.empty if found is None else float(found)


def same(true: float | None, said: object, within: float = 1e-9) -> bool:
    """Whether a value is the true one: null for null, a number to one part in `within` of it, or of 1."""
    if true is None or said is None:
        return true is None and said is None
    if isinstance(said, bool) or not isinstance(said, int | float):
        return False
    return abs(said - true) <= within * max(1.0, abs(true))
