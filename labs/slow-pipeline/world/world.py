"""Tallow Mutual: the nights of four weeks, four at once, and what the job delivers of each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import judge
import pages
import pictures
from course import CUT_S, SHARES, Course
from nights import Night, made
from services import Office

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture, Plan

LANES = 4
ANSWER_S = 60.0


class World:
    """Asks the job for nights in four lanes; each begins when the one before is over."""

    def __init__(self, plan: Plan[Night]) -> None:
        self.seed = plan["seed"]
        self.lanes = [plan["cases"][lane::LANES] for lane in range(LANES)]
        self.nights: dict[str, Course] = {}
        self._made = {case["id"]: made(plan, case) for case in plan["cases"]}
        self.office = Office(self.seed, self.nights)
        self.ports = self.office.ports

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self.nights, what)

    def pictures(self) -> Iterable[Picture]:
        """Where the seconds of a night go."""
        return pictures.of(list(self.nights.values()))

    def ledger(self) -> dict[str, Any]:
        """Of each night that is over, its bound, when so much of it was delivered (s), and its rows."""
        return {"nights": [night.said() for night in self.nights.values() if night.closed]}

    async def play(self, lane: list[Night], on: On) -> None:
        """One night after the other."""
        for case in lane:
            await self._night(case, on)

    async def _night(self, case: Night, on: On) -> None:
        name = case["id"] if not on.lap else f"{case['id']}-{on.lap}"
        night = self.nights[name] = Course(case, self._made[case["id"]], name, self.ports)
        asked = asyncio.create_task(on.ask("job", "POST", f"/nights/{name}", None, ANSWER_S))
        try:
            if "in-time" in case["asked"]:
                for share in SHARES:
                    await self._until(night, night.bound(share), asked)
                    on.tell(case["id"], "in-time", *judge.in_time(night, share))
            await self._until(night, night.bound() + CUT_S, asked)
        finally:
            asked.cancel()
            night.close()
        for aspect, word, note in judge.told(night, self.seed):
            on.tell(case["id"], aspect, word, f"night {name}: {note}" if note else "")

    async def _until(self, night: Course, moment_s: float, asked: asyncio.Task[Any]) -> None:
        """Until that moment of the night, or until the job has answered and it is over."""
        if not asked.done() and (left := moment_s - night.now) > 0:
            await asyncio.wait({asked}, timeout=left)
        if asked.done() and not night.closed:
            night.close()
