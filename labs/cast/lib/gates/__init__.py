"""Gates of a season: a world waits at one until the exam opens it, for what has to happen in the middle.

A package of its own, and not a part of the casebook, so that the proofs of labs without gates do not depend on it.
"""

from __future__ import annotations

import asyncio
import contextlib

BY_ITSELF_S = 5.0
"""In practice nobody opens gates, so one opens by itself after so long."""


class Gates:
    """The gates of one season. They may be made anywhere; they belong to the loop that first waits at one.

    Args:
        by_itself_s: after so many seconds of waiting a gate opens by itself; None in an exam.
    """

    def __init__(self, by_itself_s: float | None = None) -> None:
        self.waiting: set[str] = set()
        self._by_itself_s = by_itself_s
        self._open: dict[str, asyncio.Event] = {}

    async def passed(self, name: str) -> None:
        """Wait at a gate until it is open; it stays open."""
        self.waiting.add(name)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gate(name).wait(), self._by_itself_s)
        self.waiting.discard(name)

    def open(self, name: str) -> None:
        """Open a gate, also one at which nobody waits yet."""
        self._gate(name).set()

    @property
    def state(self) -> dict[str, list[str]]:
        """For a ledger: at which gates somebody waits, and which were opened."""
        return {"waiting": sorted(self.waiting), "opened": sorted(n for n, gate in self._open.items() if gate.is_set())}

    def _gate(self, name: str) -> asyncio.Event:
        return self._open.setdefault(name, asyncio.Event())
