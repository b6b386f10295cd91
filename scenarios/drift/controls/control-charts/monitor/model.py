"""The words of this service."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

REQUIRED = ("stream", "domain", "date", "calendar", "batch", "reference")


class InvalidNotice(ValueError):
    """A notice that cannot be understood."""


@dataclass(frozen=True)
class Notice:
    stream: str
    domain: str
    date: str
    calendar: str
    batch: str
    reference: str

    @classmethod
    def parse(cls, body: Any) -> Notice:
        if not isinstance(body, dict):
            raise InvalidNotice("expected an object")
        missing = [name for name in REQUIRED if not isinstance(body.get(name), str)]
        if missing:
            raise InvalidNotice(f"missing or no text: {', '.join(missing)}")
        try:
            date.fromisoformat(body["date"])
        except ValueError as error:
            raise InvalidNotice(f"date: {error}") from error
        return cls(**{name: body[name] for name in REQUIRED})

    @property
    def seasons(self) -> tuple[str, ...]:
        return seasons(self.date, self.calendar)


def seasons(day: str, calendar: str) -> tuple[str, ...]:
    """What a day may look like. Nobody says what a sale at a weekend looks like, so it may be either."""
    if calendar in ("weekend", "holiday"):
        return ("rest",)
    if calendar != "workday" and date.fromisoformat(day).weekday() >= 5:
        return ("rest", "work")
    return ("work",)


@dataclass(frozen=True)
class Verdict:
    word: str
    column: str | None = None
    reason: str = ""

    def payload(self) -> dict[str, str | None]:
        return {"verdict": self.word, "column": self.column}


OK = Verdict("ok")


@dataclass
class DayFacts:
    """What is kept of a judged day; nothing else is needed to judge the days after it."""

    date: str
    batch: str
    faults: dict[str, str] = field(default_factory=dict)  # by column
    rows: dict[str, int] = field(default_factory=dict)  # with a value, by column
    measures: dict[str, list[float]] = field(default_factory=dict)  # by column
    outcomes_of: str | None = None
    outcomes: list[float] | None = None
    verdict: Verdict = OK

    @property
    def quiet(self) -> bool:
        return self.verdict.word in ("ok", "concept")
