"""Whether what the store said of a courier and a district is what was known at that moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casebook.shapes import fits
from history import TABLES, Feed, Number, Season

FEATURES = tuple(column for table in TABLES for column in table.columns)
EXACT = 1e-5
"""Values have four decimals; a store may keep them in single precision."""
WORST = ("malformed", "future", "old", "missing", "made-up", "right")
"""Words of a row's two tables; the one that comes first is the row's."""

Said = Mapping[str, Any]


def word(season: Season, courier: str, district: str, moment: int, said: Said) -> tuple[str, str]:
    """The word for a row, and why."""
    told = [_half(feed, key, moment, said) for feed, key in zip(season.feeds, (courier, district), strict=True)]
    return min(told, key=lambda each: WORST.index(each[0]))


def _half(feed: Feed, key: str, moment: int, said: Said) -> tuple[str, str]:
    names = feed.table.columns
    values = [said.get(name, "") for name in names]
    if not all(fits(value, (float, None)) for value in values):
        return "malformed", f"{' and '.join(names)} must be numbers or null"
    right = feed.known(key, moment)
    for at, (name, value) in enumerate(zip(names, values, strict=True)):
        wanted = right.values[at] if right else None
        if not same(value, wanted):
            return _wrong(
                feed, key, moment, at, value
            ), f"{name} of {key}: {shown(value)}, and {shown(wanted)} is right"
    return "right", ""


def _wrong(feed: Feed, key: str, moment: int, at: int, value: float | None) -> str:
    if value is None:
        return "missing"
    given = source(feed, key, at, value)
    if given is None:
        return "made-up"
    return "future" if given.published > moment else "old"


def source(feed: Feed, key: str, at: int, value: Any) -> Number | None:
    """The number of a key whose value, the first or second, this is; values of a key differ."""
    if not fits(value, float):
        return None
    return next((number for number in feed.numbers[key] if same(number.values[at], value)), None)


def shown(value: object) -> str:
    """A value as people read it."""
    return "null" if value is None else str(value)


def same(one: float | None, other: float | None) -> bool:
    """Whether two values are equal, or both are null."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= EXACT


def alike(one: Said, other: Said) -> list[str]:
    """Names of the features of which two answers say different things."""
    return [name for name in FEATURES if not _twins(one.get(name, ""), other.get(name, ""))]


def _twins(one: Any, other: Any) -> bool:
    return fits(one, (float, None)) and fits(other, (float, None)) and same(one, other)


def by_id(rows: Sequence[Said]) -> dict[str, list[Said]]:
    """An answer's rows by their id."""
    found: dict[str, list[Said]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row)
    return found
