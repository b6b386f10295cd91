"""The papers that lie beside the packages of a tray, typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Bounds:
    window_days: float
    auc_drop: float
    calibration: float
    segment_auc: float
    cutoff: float
    ratio: float
    psi: float
    inputs: float


@dataclass(frozen=True)
class Input:
    forbidden: bool
    made_of: tuple[str, ...]


@dataclass(frozen=True)
class Account:
    person: Any
    team: str
    left: date | None


@dataclass(frozen=True)
class Period:
    """What counts from one day to another, both included: a freeze (of a portfolio), or a waiver (of a model's step)."""

    of: str
    step: int
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Papers:
    day: date
    policy: dict[str, Bounds]
    inputs: dict[str, Input]
    segments: frozenset[str]
    people: dict[str, Account]
    freezes: tuple[Period, ...]
    waivers: tuple[Period, ...]


def read_papers(tray: dict[str, Any]) -> Papers:
    """The papers of a tray."""
    return Papers(
        date.fromisoformat(tray["day"]),
        {name: Bounds(**{key: each[key] for key in Bounds.__annotations__}) for name, each in tray["policy"].items()},
        {
            name: Input(each["status"] != "free", tuple(each["from"]))
            for name, each in tray["registry"]["inputs"].items()
        },
        frozenset(tray["registry"]["segments"]),
        {
            name: Account(each["person"], each["team"], date.fromisoformat(each["left"]) if each["left"] else None)
            for name, each in tray["people"].items()
        },
        tuple(period(each, each["portfolio"], 12) for each in tray["calendar"]),
        tuple(period(each, each["model"], each["step"]) for each in tray["waivers"]),
    )


def period(found: dict[str, Any], of: str, step: int) -> Period:
    return Period(of, step, date.fromisoformat(found["from"]), date.fromisoformat(found["until"]))
