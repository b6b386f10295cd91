"""Pictures on their way to the pool: never more at once than it has slots."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import httpx
from lines import RULES, Lines, Waiting

SLOTS = int(os.environ.get("SLOTS", "4"))
ANSWER_S = 1.0  # users give up after 1.2 s
POOL_S = 5.0  # a slot is taken to the end of the work, whoever waits for it
AGAIN_S = 0.02


class Refused(Exception):
    def __init__(self, status: int, why: str, again_s: float = 1.0) -> None:
        super().__init__(why)
        self.status, self.why, self.again_s = status, why, again_s


class Captions:
    def __init__(self, url: str) -> None:
        # A connection is thrown away before the pool would, lest it be closed under a picture.
        limits = httpx.Limits(max_connections=SLOTS, keepalive_expiry=2.0)
        self.client = httpx.AsyncClient(base_url=url, timeout=POOL_S, trust_env=False, limits=limits)
        self.lines = Lines()
        self.working: set[asyncio.Task[None]] = set()

    def waiting(self, tier: str) -> int:
        return len(self.lines.tiers[tier])

    async def text(self, tenant: str, tier: str, picture: str, since: float) -> dict[str, Any]:
        """The model's answer, when it is this picture's turn. `since`: when it came, by the loop's clock."""
        loop = asyncio.get_running_loop()
        one = Waiting(tenant, tier, picture, since, loop.create_future())
        one.timer = loop.call_at(since + RULES[tier].wait_s, self.expire, one)
        self.lines.tiers[tier].add(one)
        self.fill()
        try:
            found: dict[str, Any] = await one.answer
        finally:
            one.timer.cancel()
        return found

    def expire(self, one: Waiting) -> None:
        """Nobody took it up in time."""
        self.lines.tiers[one.tier].remove(one)
        refuse(one, "no place in time")

    def fill(self) -> None:
        """Give each free slot to whose turn it is."""
        loop = asyncio.get_running_loop()
        while len(self.working) < SLOTS and (one := self.lines.next(loop.time())):
            if one.timer:
                one.timer.cancel()
            one.timer = loop.call_at(one.since + ANSWER_S, refuse, one, "the model is slow")
            task = loop.create_task(self.work(one))
            self.working.add(task)
            task.add_done_callback(self.done)

    def done(self, task: asyncio.Task[None]) -> None:
        self.working.discard(task)
        if not task.cancelled():
            self.fill()

    async def work(self, one: Waiting) -> None:
        """Hold a slot until the pool is done with it, even if the user is answered before."""
        try:
            while not one.answer.done():
                response = await self.client.post("/v1/score", json={"picture": one.picture})
                if response.status_code == 200:
                    found = response.json()
                    if not one.answer.done():
                        one.answer.set_result(found)
                elif response.status_code == 429:  # a slot still has work from before a restart
                    await asyncio.sleep(AGAIN_S)
                else:
                    refuse(one, f"the pool answered {response.status_code}")
        except (httpx.HTTPError, ValueError) as error:
            refuse(one, repr(error))

    def stop(self) -> None:
        for task in self.working:
            task.cancel()


def refuse(one: Waiting, why: str) -> None:
    if not one.answer.done():
        one.answer.set_exception(Refused(503, why))
