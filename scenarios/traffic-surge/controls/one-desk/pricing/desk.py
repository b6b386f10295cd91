"""The desk: trips wait here, not in the pool, and go to the model that has a place.

The pool works on calls that nobody waits for any more. So it gets no more calls than it has places, and all waiting
is here, where premium goes first and a wait ends in time for the next best price.
"""

from __future__ import annotations

import asyncio
from typing import Any

import figures
from cache import Cache, Trip
from demand import Demand
from models import LARGE_S, Failed, Models, Refused

# Premium or not: how long to wait for the large model before the small one will do.
PATIENCE_S = {True: 0.33, False: 0.08}
DEADLINE_S = 0.42  # who has no place at a model by then gets the tariff
SMALL_PLACES = 3  # two that work, and one on its way
PROBE_S, PROBES = 0.12, 2
SCARCE = 0.9

Price = tuple[dict[str, Any], str]  # the answer, and the model that gave it


class Job:
    """One trip that waits for a model or is with one, for all who ask for it meanwhile."""

    def __init__(self, trip: Trip, premium: bool) -> None:
        loop = asyncio.get_running_loop()
        self.trip, self.premium, self.came = trip, premium, loop.time()
        self.large_failed = False
        self.price: asyncio.Future[Price | None] = loop.create_future()

    def settle(self, price: Price | None) -> None:
        if not self.price.done():
            self.price.set_result(price)


class Desk:
    def __init__(self, models: Models, cache: Cache, demand: Demand) -> None:
        self.models, self.cache, self.demand = models, cache, demand
        self.replicas = 3  # that work; the scaler keeps it up to date
        self.busy = {"large": 0, "small": 0}
        self.waiting: list[Job] = []  # oldest first
        self.open: dict[Trip, Job] = {}  # waits, or is with the large model
        self.at_small: dict[Trip, Job] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.last: Trip | None = None
        self.probes = 0

    async def price(self, trip: Trip, premium: bool) -> Price | None:
        """The best model's price that can be had in time, or None."""
        self.demand.add(trip)
        self.last = trip
        if found := self.cache.get("large", trip):
            return found, "large"
        if job := self.open.get(trip):
            if premium and not job.premium:
                job.premium = True
            return await asyncio.shield(job.price)
        if self.models.stopped or not (premium or self.room(False)):
            if found := self.cache.get("small", trip):
                return found, "small"
            if job := self.at_small.get(trip):
                return await asyncio.shield(job.price)
        return await asyncio.shield(self.enter(trip, premium).price)

    def enter(self, trip: Trip, premium: bool) -> Job:
        job = self.open[trip] = Job(trip, premium)
        self.waiting.append(job)
        loop = asyncio.get_running_loop()
        for wait in PATIENCE_S.values():
            loop.call_later(wait, self.serve)
        loop.call_later(DEADLINE_S, self.give_up, job)
        self.serve()
        return job

    def give_up(self, job: Job) -> None:
        if job in self.waiting:
            self.waiting.remove(job)
            self.close(job, None)

    def close(self, job: Job, price: Price | None) -> None:
        for jobs in (self.open, self.at_small):
            if jobs.get(job.trip) is job:
                del jobs[job.trip]
        job.settle(price)

    def room(self, premium: bool) -> bool:
        """Whether the large model has a place. While they are scarce, the last one is kept for premium."""
        scarce = self.demand.rate() * LARGE_S > SCARCE * self.replicas
        kept = 0 if premium or not scarce else 1
        return not self.models.stopped and self.busy["large"] + kept < self.replicas

    def serve(self) -> None:
        """Give places to those who wait."""
        for premium in (True, False):
            for job in [job for job in self.waiting if job.premium == premium and not job.large_failed]:
                if not self.room(premium):
                    break
                self.send(job, "large")
        now = asyncio.get_running_loop().time()
        for premium in (True, False):
            for job in [job for job in self.waiting if job.premium == premium]:
                if self.busy["small"] >= SMALL_PLACES:
                    return
                # A hair of tolerance, as a timer may come a little early.
                patient = now - job.came < PATIENCE_S[premium] - 0.002
                if self.models.stopped or job.large_failed or not patient:
                    self.send(job, "small")

    def send(self, job: Job, model: str) -> None:
        self.waiting.remove(job)
        self.busy[model] += 1
        if model == "small":
            if self.open.get(job.trip) is job:
                del self.open[job.trip]
            self.at_small[job.trip] = job
        self.start(self.call(job, model))

    def start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def call(self, job: Job, model: str) -> None:
        try:
            answer = await self.models.ask(model, job.trip)
        except Refused as error:
            self.close(job, None)
            figures.log.warning("refused", extra={"model": model, "why": str(error)})
        except Failed:
            self.failed(job, model)
        except BaseException:
            self.close(job, None)
            raise
        else:
            self.cache.put(model, job.trip, answer)
            self.close(job, (answer, model))
        finally:
            self.busy[model] -= 1
            self.serve()

    def failed(self, job: Job, model: str) -> None:
        """The large model gave no price: the small one is next, if there is time."""
        late = asyncio.get_running_loop().time() - job.came >= DEADLINE_S
        if model == "small" or late:
            self.close(job, None)
            return
        job.large_failed = True
        self.waiting.append(job)
        self.waiting.sort(key=lambda job: job.came)

    async def watch(self) -> None:
        """Ask the large model again and again while it is stopped, with a trip that nobody waits for."""
        while True:
            await asyncio.sleep(PROBE_S)
            if self.models.stopped and self.last and self.probes < PROBES:
                self.probes += 1
                self.start(self.probe(self.last))

    async def probe(self, trip: Trip) -> None:
        try:
            self.cache.put("large", trip, await self.models.ask("large", trip))
            self.serve()
        except (Failed, Refused):
            pass
        finally:
            self.probes -= 1
