"""What a request is about, as facts that requests share: what the plan says of its case, what the load says of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from grader.load.api import Request

Fact = tuple[str, str]

PAST = "past "
"""Before an attribute of what happened on an earlier day."""

_ABOUT_THE_EXAM = {"id", "asked", "judged", "seed"}
_MOMENTS = ("about", "day")
_LONGEST = 40
_SENT = {field.name for field in dataclasses.fields(Request)} | {"n"}


def facts(case: Mapping[str, Any], moment: int | None = None) -> Iterator[Fact]:
    """Pairs of attribute and value; an attribute may come with several values, or with none.

    Args:
        case: as the plan has it.
        moment: the day that is asked about. What happens on days then counts on its day, or as past.
    """
    for key, value in case.items():
        if key in _ABOUT_THE_EXAM:
            continue
        if isinstance(value, (str, bool)):
            yield key, str(value)
        elif isinstance(value, dict):
            yield from ((key, str(name)) for name in value)
        elif isinstance(value, list):
            yield from _of_list(key, value, moment)


def _of_list(key: str, values: list[Any], moment: int | None) -> Iterator[Fact]:
    for one in values:
        if isinstance(one, str):
            yield key, one
        elif isinstance(one, dict) and isinstance(one.get("kind"), str):
            day = one.get("day")
            if moment is None or not isinstance(day, int):
                yield key, one["kind"]
            elif day <= moment:
                yield key if day == moment else PAST + key, one["kind"]


def case_of(request: Request, cases: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """The case that a request is about: its id is the segment, a word of the path, or in the body; else empty."""
    if request.segment in cases:
        return cases[request.segment]
    words = [*request.path.partition("?")[0].split("/"), *(value for _, value in _query(request))]
    if isinstance(request.json, dict):
        words += [value for value in request.json.values() if isinstance(value, str)]
    return next((cases[word] for word in words if word in cases), {})


def moment_of(request: Request, case: Mapping[str, Any]) -> int | None:
    """The day that a request is about, if it says one."""
    said = {**dict(_query(request)), **(request.json if isinstance(request.json, dict) else {})}
    for name in _MOMENTS:
        if name in said:
            try:
                return int(said[name])
            except (TypeError, ValueError):
                return None
    try:
        return (date.fromisoformat(said["date"]) - date.fromisoformat(case["first"])).days
    except (KeyError, TypeError, ValueError):
        return None


def said_of(request: Request) -> Iterator[Fact]:
    """What a load says of a request beside what is sent and its segment, and short values of its body."""
    if dataclasses.is_dataclass(request):
        for field in dataclasses.fields(request):
            value = getattr(request, field.name)
            if field.name not in _SENT and isinstance(value, (str, int, bool)):
                yield field.name, str(value)
    if isinstance(request.json, dict):
        for name, value in request.json.items():
            if isinstance(value, (str, bool, int)) and len(str(value)) <= _LONGEST:
                yield name, str(value)


def figures(case: Mapping[str, Any]) -> dict[str, float]:
    """Numbers of a case at its top, which are there to be seen, and not what happens to it."""
    return {
        key: float(value)
        for key, value in case.items()
        if key not in _ABOUT_THE_EXAM and isinstance(value, (int, float)) and not isinstance(value, bool)
    }


def _query(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(request.path).query)
