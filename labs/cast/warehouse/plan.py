"""What the warehouse is told to hold: streams, and what happens to each. Checked before it is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domains import DOMAINS, Domain

LIFE = 60
HISTORY = 46
COLUMN_KINDS = frozenset({"shift", "spread", "mix", "unit", "constant", "empty", "gone", "recoded", "typos"})
BROKEN_KINDS = frozenset({"unit", "constant", "empty", "gone", "recoded"})
CONCEPT_KINDS = frozenset({"raised", "scrambled"})
DAY_KINDS = frozenset({"holiday", "sale", "thin"})


class BadPlan(ValueError):
    """A plan that cannot be held; the message names the stream and what is wrong."""


@dataclass(frozen=True)
class Happening:
    """Something that happens to a stream.

    Attributes:
        kind: one of the kinds above; README.md says what each does.
        day: live day, from 0, on which it happens or begins.
        column: the column that it happens to, if it is one.
        size: its strength, in the kind's own unit.
        ramp: days until it has fully arrived (1: at once).
        offset: what is added after the factor `size`, for `unit`.
    """

    kind: str
    day: int
    column: str = ""
    size: float = 0.0
    ramp: int = 1
    offset: float = 0.0

    @property
    def breaks(self) -> bool:
        """Whether the day's data is of no use."""
        return self.kind in BROKEN_KINDS


@dataclass(frozen=True)
class Stream:
    """One table that gets a batch a day: `LIFE` days, the last `days` of which are live; `first` is live day 0.

    As history the last `HISTORY` days before the first live one are handed out, whatever `days` is.
    """

    id: str
    domain: Domain
    first: date
    days: int
    happenings: tuple[Happening, ...]

    @property
    def history(self) -> int:
        """Days before the first live one."""
        return LIFE - self.days


@dataclass(frozen=True)
class Plan:
    """All streams, and the seed of their numbers."""

    seed: int
    streams: tuple[Stream, ...]


def parse(raw: Mapping[str, Any]) -> Plan:
    """A plan from JSON.

    Raises:
        BadPlan: a key is missing or of no use.
    """
    try:
        return Plan(int(raw["seed"]), tuple(_stream(each) for each in raw["streams"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadPlan(f"plan: {error!r}") from error


def _stream(raw: Mapping[str, Any]) -> Stream:
    try:
        happenings = tuple(Happening(**each) for each in raw["happenings"])
        stream = Stream(
            raw["id"], DOMAINS[raw["domain"]], date.fromisoformat(raw["first"]), int(raw["days"]), happenings
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadPlan(f"stream {raw.get('id')!r}: {error!r}") from error
    if not 1 <= stream.days <= LIFE - HISTORY:
        raise BadPlan(f"stream {stream.id}: days must be 1 to {LIFE - HISTORY}")
    for happening in happenings:
        _check(stream, happening)
    return stream


def _check(stream: Stream, happening: Happening) -> None:
    kinds = COLUMN_KINDS | CONCEPT_KINDS | DAY_KINDS
    if happening.kind not in kinds:
        raise BadPlan(f"stream {stream.id}: no kind {happening.kind!r}")
    if happening.kind in COLUMN_KINDS and happening.column not in stream.domain.columns:
        raise BadPlan(f"stream {stream.id}: {stream.domain.name} has no column {happening.column!r}")
    if not 0 <= happening.day < stream.days or happening.ramp < 1:
        raise BadPlan(f"stream {stream.id}: {happening.kind} lies outside its live days")
