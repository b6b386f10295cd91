"""Strict reading of JSON objects that the exam sends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Check = Callable[[Any], bool]


class BadControl(ValueError):
    """A control body that is not understood; the message names the key and what it takes."""


class Field:
    """What one key may hold: `wanted` says it in words, `holds` decides."""

    def __init__(self, wanted: str, holds: Check) -> None:
        self.wanted = wanted
        self.holds = holds


def number(low: float, high: float) -> Field:
    """A number from `low` to `high`, both included."""
    return Field(
        f"a number from {low:g} to {high:g}",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high,
    )


def whole(low: int, high: int) -> Field:
    """A whole number from `low` to `high`, both included."""
    return Field(f"a whole number from {low} to {high}", lambda value: type(value) is int and low <= value <= high)


def one_of(choices: Iterable[Any]) -> Field:
    """One of a few values of one type."""
    known = tuple(choices)
    return Field(
        f"one of {', '.join(str(each) for each in known)}",
        lambda value: type(value) is type(known[0]) and value in known,
    )


def check(raw: Any, fields: Mapping[str, Field], where: str) -> dict[str, Any]:
    """`raw`, if it is an object with known keys and fitting values.

    Raises:
        BadControl: names `where` and the key.
    """
    if not isinstance(raw, dict):
        raise BadControl(f"{where} must be an object")
    for key, value in raw.items():
        field = fields.get(key)
        if field is None:
            raise BadControl(f"{where} has no key {key[:40]!r}; it takes {', '.join(fields)}")
        if not field.holds(value):
            raise BadControl(f"{where}: {key} must be {field.wanted}, and is {_short(value)}")
    return raw


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
