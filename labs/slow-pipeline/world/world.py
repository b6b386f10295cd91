"""Tallow Mutual: the nights of four weeks, four at once, and what the job delivers of each."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

import judge
import pages
import pictures
from course import CUT_S, SHARES, Course
from nights import Night, made
from services import Office

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture, Plan, Reply

LANES = 4
ANSWER_S = 60.0
ASKED_A_SECOND = 5.0
"""Questions in practice: a lap ends when all were asked."""

BUSY = 1.5
"""So much work waits for each core where a machine is called busy."""


class World:
    """Asks the job for nights in four lanes; each begins when the one before is over.

    Attributes:
        laps: when the lap before this one and this one began (`time.monotonic()`), as far as they did.
    """

    laps: ClassVar[list[float]] = []

    def __init__(self, plan: Plan[Night]) -> None:
        self.seed = plan["seed"]
        self._begun = False
        self._lasts = sum(sum(case["asked"].values()) for case in plan["cases"]) / ASKED_A_SECOND
        self.lanes = [plan["cases"][lane::LANES] for lane in range(LANES)]
        self.nights: dict[str, Course] = {}
        self._made = {case["id"]: made(plan, case) for case in plan["cases"]}
        self.office = Office(self.seed, self.nights)
        self.ports = self.office.ports

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self.nights, what, self._next(), busy())

    def pictures(self) -> Iterable[Picture]:
        """Where the seconds of a night go."""
        return pictures.of(list(self.nights.values()), busy())

    def ledger(self) -> dict[str, Any]:
        """Of each night that is over, its bound, when so much of it was delivered (s), and its rows."""
        return {"nights": [night.said() for night in self.nights.values() if night.closed]}

    async def play(self, lane: list[Night], on: On) -> None:
        """One night after the other."""
        if not self._begun:
            self._begun = True
            World.laps[:] = [*World.laps[-1:], time.monotonic()]
        for case in lane:
            await self._night(case, on)

    def _next(self) -> str:
        """When the next lap begins, for people: after as long as the one before took, if there was one."""
        if not self._begun:
            return ""
        lasts = World.laps[-1] - World.laps[0] or self._lasts
        left = max(0.0, World.laps[-1] + lasts - time.monotonic())
        return f"The next lap begins in about {left:.0f} s; one begins every {lasts:.0f} s."

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
            night.close(f"cut {CUT_S:g} s after it was due")
        for aspect, word, note in judge.told(night, self.seed):
            on.tell(case["id"], aspect, word, f"night {name}: {note}" if note else "")

    async def _until(self, night: Course, moment_s: float, asked: asyncio.Task[Any]) -> None:
        """Until that moment of the night, or until the job has answered and it is over."""
        if not asked.done() and (left := moment_s - night.now) > 0:
            await asyncio.wait({asked}, timeout=left)
        if asked.done() and not night.closed:
            night.close(ending(asked.result()))


def ending(reply: Reply) -> str:
    """How a night ended with what the job answered, for people."""
    if reply.status == 0 and not reply.late:
        return f"the job was gone, as when it starts again ({reply.error})"
    return f"the job answered {reply.status}" if reply.status else "the job did not answer"


def busy() -> str:
    """A sentence where more work waits than the machine has cores for, over the last minute; else nothing."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load < BUSY * cores:
        return ""
    return f"This machine is busy (load {load:.1f} on {cores} cores): calls and job take longer than on a calm one"
