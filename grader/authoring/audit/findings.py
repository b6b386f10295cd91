"""What an audit finds: findings, each with a key by which `audit.yaml` can accept it, and the report of one lab."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

KINDS = ("sacrifice", "power", "tell", "constant", "last-look")


@dataclass(frozen=True)
class Finding:
    """One weak place.

    Attributes:
        key: `<kind>/<where>/<what>`, the same for the same weakness whatever is drawn.
        says: one or two sentences for whoever mends the exam; the figures are in it.
        objective: the one that would not see it; empty where it is no objective's.
        trials: kinds of trials that it is about.
        values: what it holds of (tenants, seconds, words), if of several things.
        figure: how bad: a share of what is to be seen, from 0 to 1. Sorts findings of a kind.
        accepted: why it is accepted; empty while it is open.
    """

    key: str
    says: str
    objective: str = ""
    trials: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    figure: float = 0.0
    accepted: str = ""

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return self.key.partition("/")[0]

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "key": self.key,
            "kind": self.kind,
            "objective": self.objective,
            "trials": list(self.trials),
            "values": list(self.values),
            "figure": round(self.figure, 4),
            "says": self.says,
            "accepted": self.accepted,
        }


@dataclass(frozen=True)
class Allowance:
    """What an objective forgives: so many of its events may be bad for ever."""

    objective: str
    target: float
    events: int
    forgiven: int

    @property
    def share(self) -> float:
        """Of its events, from 0 to 1."""
        return self.forgiven / self.events if self.events else 0.0


@dataclass(frozen=True)
class Report:
    """The audit of one lab. `looks`: the last second at which each objective looks, where it is known. `notes` say what
    could not be looked at; they are no findings."""

    lab: str
    findings: tuple[Finding, ...]
    allowances: tuple[Allowance, ...] = ()
    looks: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Finding, ...]:
        """Findings that are neither mended nor explained."""
        return tuple(finding for finding in self.findings if not finding.accepted)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "lab": self.lab,
            "open": len(self.open),
            "findings": [finding.to_json() for finding in self.findings],
            "forgives": {
                one.objective: {"target": one.target, "events": one.events, "bad": one.forgiven}
                for one in self.allowances
            },
            "last_look_s": dict(self.looks),
            "notes": list(self.notes),
        }


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By kind, in each the worst first; a key that comes twice is one finding."""
    merged: dict[str, Finding] = {}
    for one in findings:
        known = merged.get(one.key)
        merged[one.key] = (
            one if known is None else replace(known, values=tuple(dict.fromkeys((*known.values, *one.values))))
        )
    return tuple(sorted(merged.values(), key=lambda one: (KINDS.index(one.kind), -one.figure, one.key)))


def some(values: Sequence[str], most: int = 6) -> str:
    """A few of many, in words."""
    shown = ", ".join(values[:most])
    return shown if len(values) <= most else f"{shown} and {len(values) - most} more"


def percent(share: float) -> str:
    """A share in per cent, as short as is honest."""
    return f"{100 * share:.0f} %" if share >= 0.0995 else f"{100 * share:.1f} %"
