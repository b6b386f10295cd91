"""What every plan has: a `seed`, and `cases`: `[{"id": text, "asked": {aspect: how many}, ...}]`; more is the lab's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypedDict, TypeVar

from common.tickets import ticket

MOST_QUESTIONS = 20_000
MAX_ID = 120


class Case(TypedDict):
    """What each case has; a lab's own kind has more: `class Bill(Case): kind: str`."""

    id: str
    asked: dict[str, int]


CaseT = TypeVar("CaseT")


class Plan(TypedDict, Generic[CaseT]):
    """What `draw(seed)` returns and a world is made from, `Plan[Bill]`; a lab's own kind may have more."""

    seed: int
    cases: list[CaseT]


class BadPlan(ValueError):
    """A plan makes no sense. One sentence."""


class Asked(NamedTuple):
    """One question: the `number`-th (from 0) about a case under an aspect, and the ticket of its answer."""

    case: str
    aspect: str
    number: int
    ticket: str


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """All questions of a plan in its order: case by case, aspect by aspect.

    Raises:
        BadPlan: it has no seed, or its cases are not of that form.
    """
    seed = plan.get("seed")
    if not isinstance(seed, (int, str)):
        raise BadPlan("seed: must be a number or a text")
    count, known = 0, set()
    for name, aspects in _cases(plan.get("cases")):
        if name in known:
            raise BadPlan(f"cases: {name!r} is there twice")
        known.add(name)
        count += sum(aspects.values())
        if count > MOST_QUESTIONS:
            raise BadPlan(f"cases: more than {MOST_QUESTIONS} questions")
        for aspect, many in aspects.items():
            yield from (Asked(name, aspect, n, ticket(seed, name, aspect, n)) for n in range(many))


def _cases(cases: object) -> Iterator[tuple[str, dict[str, int]]]:
    if not isinstance(cases, list) or not cases:
        raise BadPlan("cases: must be a list of one or more")
    for case in cases:
        if not isinstance(case, dict) or not isinstance(case.get("id"), str) or not 0 < len(case["id"]) <= MAX_ID:
            raise BadPlan(f"cases: each must be an object with an id of 1 to {MAX_ID} characters")
        aspects = case.get("asked", {})
        if not isinstance(aspects, dict) or not all(type(many) is int and many >= 0 for many in aspects.values()):
            raise BadPlan(f"case {case['id']!r}: asked must be an object of whole numbers")
        yield case["id"], aspects
