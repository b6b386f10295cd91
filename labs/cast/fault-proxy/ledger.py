"""What happened, for the exam: connections and bytes by proxy, and what each toxic acted on. Times are Unix seconds."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from toxics import STREAMS, Toxic

KEPT = 1000
"""Toxics and down times that are remembered for each proxy, the latest ones."""


@dataclass
class Flow:
    """Bytes of one stream: read from the sender, and passed on to the receiver."""

    received: int = 0
    sent: int = 0


@dataclass
class Acts:
    """One toxic, from when it was added until it was removed. `bytes` were delayed, sliced or dropped by it."""

    toxic: Toxic
    added: float = field(default_factory=time.time)
    removed: float | None = None
    connections: int = 0
    bytes: int = 0
    first: float | None = None
    last: float | None = None

    def note(self, size: int, new_connection: bool) -> None:
        """It acted now, on `size` bytes."""
        self.last = time.time()
        self.first = self.first or self.last
        self.bytes += size
        self.connections += new_connection

    def end(self) -> None:
        """It was removed."""
        self.removed = time.time()

    def json(self) -> dict[str, Any]:
        """The toxic's own fields, and the counts."""
        counts = {key: getattr(self, key) for key in ("added", "removed", "connections", "bytes", "first", "last")}
        return self.toxic.json() | counts


@dataclass
class Down:
    """A time during which a proxy did not listen. `cut` connections were open when it began."""

    cut: int
    since: float = field(default_factory=time.time)
    until: float | None = None


@dataclass
class Tally:
    """One proxy's counts. `unreachable` counts clients that were let go since the upstream did not answer."""

    accepted: int = 0
    closed: int = 0
    unreachable: int = 0
    flows: dict[str, Flow] = field(default_factory=lambda: {stream: Flow() for stream in STREAMS})
    toxics: list[Acts] = field(default_factory=list)
    down: list[Down] = field(default_factory=list)

    def added(self, toxic: Toxic) -> Acts:
        """Begin a toxic's entry."""
        self.toxics = [*self.toxics[1 - KEPT :], Acts(toxic)]
        return self.toxics[-1]

    def went_down(self, cut: int) -> None:
        """The proxy stopped listening and cut that many connections."""
        self.down = [*self.down[1 - KEPT :], Down(cut)]

    def came_up(self) -> None:
        """The proxy listens."""
        if self.down and self.down[-1].until is None:
            self.down[-1].until = time.time()

    def json(self) -> dict[str, Any]:
        """All of it; `open` are the connections that are open now."""
        counts = {"accepted": self.accepted, "closed": self.closed, "open": self.accepted - self.closed}
        return {
            **counts,
            "unreachable": self.unreachable,
            **{stream: asdict(flow) for stream, flow in self.flows.items()},
            "down": [asdict(down) for down in self.down],
            "toxics": [acts.json() for acts in self.toxics],
        }


class Ledger:
    """The tallies of all proxies that there ever were, by name."""

    def __init__(self) -> None:
        self._tallies: dict[str, Tally] = {}

    def of(self, proxy: str) -> Tally:
        """That proxy's tally; one that is made again goes on with its old one."""
        return self._tallies.setdefault(proxy, Tally())

    def json(self) -> dict[str, Any]:
        """`{"proxies": {name: tally}}`."""
        return {"proxies": {name: tally.json() for name, tally in self._tallies.items()}}
