"""What a plan says of a case, as facts that cases share: of which kind it is, what happens to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

FEW = 12
"""A number is a fact that cases share if it has at most so many values."""

_ABOUT_THE_EXAM = {"id", "asked", "judged"}


def facts(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of attribute and value; an attribute may come with several values, or with none."""
    for key, value in case.items():
        if key not in _ABOUT_THE_EXAM:
            yield from _of(key, value)


def figures(case: Mapping[str, Any]) -> dict[str, float]:
    """Numbers that a case has, by attribute; of what happens to it, when and how much."""
    found: dict[str, float] = {}
    for key, value in case.items():
        if key not in _ABOUT_THE_EXAM:
            _figure(key, value, found)
    return found


def _of(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, (str, bool)) or (isinstance(value, int) and not isinstance(value, bool)):
        yield key, str(value)
    elif isinstance(value, dict):
        yield from ((key, str(name)) for name in value)
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, str):
                yield key, one
            elif isinstance(one, dict) and isinstance(one.get("kind"), str):
                yield key, one["kind"]


def _figure(key: str, value: Any, found: dict[str, float]) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        found[key] = float(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _figure(f"{key} {name}", inner, found)
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, dict) and isinstance(one.get("kind"), str) and isinstance(one.get("day"), int):
                found[f"day of {one['kind']}"] = float(one["day"])
