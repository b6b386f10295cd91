"""Who is next at the pool's four slots.

Publishers go first. While blogs wait, each fourth picture of publishers earns them one turn, so the
free tier has a fifth of the pool on any day, and all that publishers leave. Within a tier tenants take
turns, so a tenant's queue is only its own. No slot is idle while anybody waits.

A picture that waits too long gets 503 and takes no slot. How long is too long: as long as its user
will still be there for the text; and once a tier's queue has not been empty for a second, less. Such
a queue does not make the pool quicker, it only makes all texts late.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from typing import Any

import figures
import httpx

SLOTS = 4
TIERS = ("premium", "free")
FREE_TURNS = 0.25  # that blogs earn with each picture of publishers
ANSWER_S = 1.1  # the user leaves at 1.2 s
STANDING_S = 1.0  # a queue that has not been empty for so long is not a burst
STANDING_WAIT_S = {"premium": 0.25, "free": 0.5}
LEAST_WAIT_S = 0.1  # so that a very slow pool is still tried
AGAIN_S = 0.02


class Refused(Exception):
    """No place in time."""


class Picture:
    def __init__(self, name: str, tenant: str, tier: str, began: float, text: asyncio.Future[dict[str, Any]]) -> None:
        self.name, self.tenant, self.tier, self.began, self.text = name, tenant, tier, began, text
        self.timer: asyncio.TimerHandle | None = None


class Line:
    """Those of a tier who wait: a queue for each tenant, in turns."""

    def __init__(self, tier: str) -> None:
        self.tier = tier
        self.tenants: OrderedDict[str, deque[Picture]] = OrderedDict()
        self.empty_at = 0.0

    def add(self, picture: Picture) -> None:
        if not self.tenants:
            self.empty_at = picture.text.get_loop().time()
        self.tenants.setdefault(picture.tenant, deque()).append(picture)
        figures.waiting.labels(self.tier).inc()

    def pop(self) -> Picture:
        """The oldest of the tenant whose turn it is."""
        tenant, queue = next(iter(self.tenants.items()))
        picture = queue.popleft()
        self.tenants.move_to_end(tenant)
        self.left(picture.tenant)
        return picture

    def remove(self, picture: Picture) -> None:
        self.tenants[picture.tenant].remove(picture)
        self.left(picture.tenant)

    def left(self, tenant: str) -> None:
        if not self.tenants[tenant]:
            del self.tenants[tenant]
        figures.waiting.labels(self.tier).dec()


class Captions:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=8.0, trust_env=False)
        self.lines = {tier: Line(tier) for tier in TIERS}
        self.free_slots = SLOTS
        self.owed = 0.0  # turns that blogs have earned
        self.takes_s = 0.08  # what the pool takes for a picture, of late
        self.tasks: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        for task in self.tasks:
            task.cancel()

    async def text(self, tenant: str, tier: str, name: str, began: float) -> dict[str, Any]:
        """The model's answer, when it is this picture's turn; `began` in loop time. Raises Refused."""
        loop = asyncio.get_running_loop()
        picture = Picture(name, tenant, tier, began, loop.create_future())
        self.lines[tier].add(picture)
        picture.timer = loop.call_at(began + self.patience_s(), self.waited, picture)
        self.serve()
        try:
            async with asyncio.timeout_at(began + ANSWER_S):
                return await picture.text
        except TimeoutError:
            raise Refused("the model takes too long") from None

    def serve(self) -> None:
        """Gives slots that are free to those whose turn it is."""
        while self.free_slots and (picture := self.next()):
            self.free_slots -= 1
            task = asyncio.create_task(self.work(picture))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def next(self) -> Picture | None:
        now = asyncio.get_running_loop().time()
        while any(line.tenants for line in self.lines.values()):
            publishers, blogs = (bool(self.lines[tier].tenants) for tier in TIERS)
            line = self.lines["free" if blogs and (not publishers or self.owed >= 1) else "premium"]
            picture = line.pop()
            if picture.timer:
                picture.timer.cancel()
            if now - picture.began > self.longest_wait_s(line, now):
                refuse(picture)
                continue
            # blogs earn turns only while they wait: what they did not ask for is not saved up
            if line.tier == "premium":
                self.owed = self.owed + FREE_TURNS if blogs else 0.0
            else:
                self.owed = max(0.0, self.owed - 1) if publishers else 0.0
            return picture
        return None

    def patience_s(self) -> float:
        """So long may a picture wait and still have its text while its user is there."""
        return max(LEAST_WAIT_S, ANSWER_S - 1.2 * self.takes_s)

    def longest_wait_s(self, line: Line, now: float) -> float:
        standing = now - line.empty_at > STANDING_S
        return min(self.patience_s(), STANDING_WAIT_S[line.tier]) if standing else self.patience_s()

    def waited(self, picture: Picture) -> None:
        self.lines[picture.tier].remove(picture)
        refuse(picture)

    async def work(self, picture: Picture) -> None:
        """Has the slot until the pool is done, also if the user has left: the pool goes on too."""
        try:
            text = await self.ask(picture)
            if not picture.text.done():
                picture.text.set_result(text)
        except Exception as error:
            if not picture.text.done():
                picture.text.set_exception(error if isinstance(error, Refused) else Refused(repr(error)))
        finally:
            self.free_slots += 1
            self.serve()

    async def ask(self, picture: Picture) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                response = await self.client.post("/v1/score", json={"picture": picture.name})
            except httpx.ReadTimeout:
                raise Refused("the pool does not answer") from None
            except httpx.TransportError as error:
                why = repr(error)
            else:
                if response.status_code == 200:
                    self.takes_s += 0.5 * (loop.time() - began - self.takes_s)
                    found: dict[str, Any] = response.json()
                    return found
                why = f"the pool answered {response.status_code}"
            # a slot that is still at work for a user of before, or a connection that was closed
            if picture.text.done() or loop.time() + self.takes_s > picture.began + ANSWER_S:
                raise Refused(why)
            await asyncio.sleep(AGAIN_S)


def refuse(picture: Picture) -> None:
    if not picture.text.done():
        picture.text.set_exception(Refused("no place in time"))
