"""Kerbside: eight days of its cameras in virtual time, as fast as the aggregator takes what they report."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pictures
import truth
from fleet import Cohort, Home, Season, Wave
from pager import PAGE, Pager
from pages import page_of
from signals import DAYS, ROUNDS
from uplink import Uplink

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture

WITHIN_S, AGAIN_S, CLOSE_S, ANSWER_S = 1.0, 2.0, 10.0, 2.0
"""A delivery is taken within the first; it is repeated after the second. A day is closed and a
question answered within the others; the plan says how long all may take."""
TOGETHER, ASKED = 12, 4
"""So many deliveries are under way; so many questions."""
TRIES, PATIENCE = 2, 24
"""So often a delivery is sent; after so many late ones in a row nobody sends any more."""


class Over(Exception):
    """The aggregator does not keep up, and nothing more is sent."""


class World:
    """One lane: rounds of deliveries; at the end of a day it is closed, then questions are asked."""

    def __init__(self, plan: Season) -> None:
        self.plan, cases = plan, plan["cases"]
        self.cohorts = [Cohort(plan, case) for case in cases if "city" in case]
        self.waves = {case["round"]: case for case in cases if "round" in case}
        self.homes = {case["home"]: case for case in cases if "home" in case}
        self.uplink = Uplink(plan, self.cohorts)
        self.pager = Pager(self.cohorts)
        self.took: list[float] = []
        self.day = 0
        self.lanes = ["season"]
        self._late = 0

    def page(self, what: str) -> Html:
        """What people look at."""
        return page_of(self, what)

    def pictures(self) -> Iterable[Picture]:
        """Pages, and cohorts beside their city."""
        return pictures.of(self)

    def date(self, day: int) -> str:
        """A day of the season, as it is written."""
        return str(datetime.date.fromisoformat(self.plan["day"]) + datetime.timedelta(day))

    async def play(self, lane: str, on: On) -> None:
        """The season."""
        try:
            for day in range(DAYS):
                for at in range(day * ROUNDS, (day + 1) * ROUNDS):
                    await self._round(at, on)
                await self._close(day, on)
                self.day = day + 1
                await self._ask(day, on)
            for cohort in self.cohorts:
                if "trend" in cohort.case["asked"]:
                    on.tell(cohort.id, "trend", *self.pager.trend(cohort))
        except Over as over:
            for case in self.plan["cases"]:
                on.tell_rest(case["id"], "none", over)

    async def _round(self, at: int, on: On) -> None:
        if at in self.homes:
            home = self.homes[at]
            bodies = self.uplink.homecoming(list(self.homes).index(at), home["asked"]["homecoming"])
            await self._send(home, "homecoming", bodies, on)
        wave = self.waves[at]
        await self._send(wave, "keeps-up", self.uplink.wave(at, wave["asked"]["keeps-up"]), on)

    async def _send(self, case: Wave | Home, aspect: str, bodies: Sequence[bytes], on: On) -> None:
        """Deliveries, so many at once."""
        left = list(bodies)

        async def sender() -> None:
            while left:
                self._look(on)
                word, note = await self._deliver(left.pop(), on)
                on.tell(case["id"], aspect, word, note)
                if aspect == "keeps-up":
                    self._late = 0 if word == "right" else self._late + 1

        await gathered(sender, TOGETHER)

    def _look(self, on: On) -> None:
        if self._late >= PATIENCE:
            raise Over("nothing more was sent: deliveries were not taken in time, one after the other")
        if on.now > self.plan["seconds"]:
            raise Over(f"the season was not over after {self.plan['seconds']} s")

    async def _deliver(self, body: bytes, on: On) -> tuple[str, str]:
        """A delivery: the word for its first try, and why. What is not taken is sent once more."""
        found = "", ""
        for _ in range(TRIES if self._late < TOGETHER else 1):
            reply = await on.ask("aggregator", "POST", "/reports", body, AGAIN_S)
            self.took.append(reply.seconds)
            word = "late" if reply.status == 200 and reply.seconds > WITHIN_S else "right"
            if reply.status != 200:
                word = "refused" if reply.status else "none"
            found = found if found[0] else (word, f"{reply.seconds:.2f} s {reply.error}")
            if reply.status == 200:
                break
        return found

    async def _close(self, day: int, on: On) -> None:
        """A day is over: what is paged."""
        self._look(on)
        reply = await on.ask("aggregator", "POST", "/close", {"day": self.date(day)}, CLOSE_S)
        if word := reply.bad({"pages": [PAGE]}):
            self.pager.failed(day, word)
        else:
            self.pager.closed(day, reply.json["pages"])
        if (day + 1) % (DAYS // 2) == 0:
            for cohort in self.cohorts:
                on.tell(cohort.id, "spared", *self.pager.spared(cohort, day * 2 // DAYS))

    async def _ask(self, on_day: int, on: On) -> None:
        """What is asked after the closing of a day."""
        asked: list[tuple[Callable[..., Coroutine[Any, Any, None]], Cohort, int]] = [
            (self._figures, cohort, day)
            for cohort in self.cohorts
            for day, when in cohort.case["figures"]
            if when == on_day
        ]
        asked += [(self._updates, cohort, on_day) for cohort in self.cohorts if cohort.case["told"] == on_day]

        async def asker() -> None:
            while asked:
                self._look(on)
                ask, cohort, day = asked.pop()
                await ask(cohort, day, on_day, on)

        await gathered(asker, ASKED)

    async def _revision(
        self, path: str, shape: dict[str, Any], cohort: Cohort, on: On
    ) -> tuple[dict[str, Any] | None, str, str]:
        """What is said of a cohort, and the word if that is nothing."""
        reply = await on.ask("aggregator", "GET", path, None, ANSWER_S)
        word = reply.bad({"revisions": {cohort.revision: shape}})
        return (None, word, reply.error) if word else (reply.json["revisions"][cohort.revision], "", "")

    async def _figures(self, cohort: Cohort, day: int, on_day: int, on: On) -> None:
        path = f"/cities/{quote(cohort.city)}/{self.date(day)}"
        right = truth.figures(cohort, day, on_day)
        said, word, note = await self._revision(path, truth.FIGURES, cohort, on)
        if said:
            wrong = truth.off(said, right)
            word = "off" if wrong else "right"
            note = f"wrong: {', '.join(wrong) or 'nothing'}; {said['reports']} reports of {right['reports']}"
        on.tell(cohort.id, "figures", word, f"{path} on day {on_day}, {cohort.revision}: {note}")

    async def _updates(self, cohort: Cohort, day: int, on_day: int, on: On) -> None:
        path = f"/updates/{quote(cohort.city)}/{cohort.case['new']}"
        said, word, note = await self._revision(path, {"success": float}, cohort, on)
        if said:
            low, high = truth.success(cohort, on_day)
            right = low - truth.SUCCESS <= said["success"] <= high + truth.SUCCESS
            word, note = ("right" if right else "off"), f"{said['success']:.3f} where {low:.3f} is right"
        on.tell(cohort.id, "updates", word, f"{path} on day {on_day}, {cohort.revision}: {note}")


async def gathered(work: Callable[[], Coroutine[Any, Any, None]], count: int) -> None:
    """The same work, so many times side by side; the first exception of one."""
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(work())
    except* Over as over:
        raise over.exceptions[0] from None
