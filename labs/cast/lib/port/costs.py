"""What calls cost, and what each has cost; without any package of an image."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

CONNECTION, CALL, ROWS = "connection", "call", "rows"
REFUSED = 429


class Part(NamedTuple):
    """What part of a call took, from when to when (the port's clock, s)."""

    kind: str
    begun: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long that was."""
        return self.ended - self.begun


@dataclass(frozen=True)
class Cost:
    """Seconds that pass for a call, for each row in it, and once for a new connection."""

    call_s: float = 0.0
    row_s: float = 0.0
    connection_s: float = 0.0

    def of(self, rows: int, more: Mapping[str, float]) -> dict[str, float]:
        """Seconds of a call by kind, without a new connection."""
        return {CALL: self.call_s, ROWS: rows * self.row_s, **more}


@dataclass
class Spent:
    """A call: whose, when it came, what it took, and with which status it was answered (0: it is under way)."""

    caller: str
    begun: float
    parts: list[Part] = field(default_factory=list)
    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    status: int = 0

    @property
    def seconds(self) -> float:
        """What all its parts took."""
        return sum(part.seconds for part in self.parts)

    @property
    def connected(self) -> bool:
        """Whether it came on a new connection."""
        return any(part.kind == CONNECTION for part in self.parts)


def divided(begun: float, ended: float, seconds: Mapping[str, float]) -> list[Part]:
    """What passed, divided by what each kind was to take: a sleep is never shorter than asked for, and often longer."""
    whole, parts = sum(seconds.values()), list[Part]()
    for kind, share in seconds.items():
        if share > 0:
            upto = begun + (ended - begun) * share / whole
            parts.append(Part(kind, begun, upto))
            begun = upto
            ended, whole = ended, whole - share
    return parts


def totals(calls: Iterable[Spent]) -> dict[str, Any]:
    """Calls as counts, and the seconds that they took, all together and by kind."""
    known: Sequence[Spent] = list(calls)
    seconds: dict[str, float] = {}
    counts: dict[str, int] = {}
    for call in known:
        for part in call.parts:
            seconds[part.kind] = seconds.get(part.kind, 0.0) + part.seconds
        for name, many in call.counts.items():
            counts[name] = counts.get(name, 0) + many
    return {
        "calls": len(known),
        "rows": sum(call.rows for call in known),
        "connections": sum(call.connected for call in known),
        "refused": sum(call.status == REFUSED for call in known),
        **counts,
        "busy_s": round(sum(seconds.values()), 3),
        "seconds": {kind: round(many, 3) for kind, many in seconds.items()},
    }
