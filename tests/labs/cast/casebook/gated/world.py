"""A world that tells a word, waits at its gate, and tells another."""

from __future__ import annotations

from typing import Any

from casebook.asks import On
from gates import Gates


class World:
    """A case: what is told before, and what after."""

    def __init__(self, plan: dict[str, Any], gates: Gates) -> None:
        self.gates = gates
        self.lanes = [plan["cases"]]

    async def play(self, lane: list[dict[str, Any]], on: On) -> None:
        """All cases before, then all after."""
        for case in lane:
            on.tell(case["id"], "word", "before")
        await self.gates.passed("middle")
        for case in lane:
            on.tell(case["id"], "word", "after")
