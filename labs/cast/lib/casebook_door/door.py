"""Who came by the door, of one season: for its world, and for the exam's ledger."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEPT = 20_000
MAX_BODY, MAX_SAID = 1 << 16, 1 << 10


@dataclass
class Passed:
    """A call that came by the door.

    Attributes:
        about: what it is about, by the header or field that the rule names; empty if it says nothing.
        id, tenant: headers `x-request-id` and `x-tenant`; empty if they were not sent.
        method, path: as they came, the path with its query.
        asked: headers of the request, names in lower case.
        body: of the request; empty if it had more than 64 KiB.
        begun, first, ended: when the request was there, when the answer's head was handed on (0: never), when it was
            over; seconds since the epoch.
        status: that the user got; 502 or 504 are the door's own, 0: the user had left.
        answered: headers of the answer.
        said: the last 1,024 bytes of the answer's body.
        size: bytes of the answer's body.
        outcome: `whole`; `cut`, the service hung up in the middle; `none`, it gave no answer; `left`, the user did.
    """

    about: str
    id: str
    tenant: str
    method: str
    path: str
    asked: Mapping[str, str]
    body: bytes
    begun: float
    first: float = 0.0
    ended: float = 0.0
    status: int = 0
    answered: Mapping[str, str] = field(default_factory=dict)
    said: bytes = b""
    size: int = 0
    outcome: str = ""

    @property
    def seconds(self) -> float:
        """From when the request was there until all was over."""
        return self.ended - self.begun


class Door:
    """The calls of one season.

    Attributes:
        calls: the latest 20,000 that are over, in the order in which they ended.
    """

    def __init__(self) -> None:
        self.calls: deque[Passed] = deque(maxlen=KEPT)
        self._open = 0
        self._outcomes: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._about: defaultdict[str, list[Passed]] = defaultdict(list)
        self._waiting: defaultdict[str, list[asyncio.Future[None]]] = defaultdict(list)

    def about(self, what: str) -> list[Passed]:
        """All calls about something that are over, the first first."""
        return list(self._about.get(what, ()))

    async def heard(self, what: str, times: int = 1) -> list[Passed]:
        """As `about`, once there are so many. It waits for ever if they never come: bound it (`asyncio.timeout`)."""
        while len(self._about.get(what, ())) < times:
            turn = asyncio.get_running_loop().create_future()
            self._waiting[what].append(turn)
            await turn
        return self.about(what)

    def begins(self) -> None:
        """A call came."""
        self._open += 1

    def ends(self, call: Passed) -> None:
        """It is over."""
        self._open -= 1
        self._outcomes[call.outcome] += 1
        self._statuses[str(call.status)] += 1
        if len(self.calls) == KEPT:
            self._forget(self.calls[0])
        self.calls.append(call)
        if call.about:
            self._about[call.about].append(call)
            for turn in self._waiting.pop(call.about, ()):
                if not turn.done():
                    turn.set_result(None)

    @property
    def ledger(self) -> dict[str, Any]:
        """Counts: calls that came, that are open, outcomes, statuses."""
        ended = sum(self._outcomes.values())
        return {
            "calls": ended + self._open,
            "open": self._open,
            "outcomes": dict(self._outcomes),
            "statuses": dict(self._statuses),
        }

    def _forget(self, call: Passed) -> None:
        mine = self._about.get(call.about, [])
        if call in mine:
            mine.remove(call)
