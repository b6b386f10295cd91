"""The client of the search replicas.

A query goes to the replica that looks best. If it is overdue, the other one is asked as well, once, as far as the
agreed queries a second leave room; the first good result counts. A query that lost is not cancelled, since the
replica works on it anyway: its time tells how that replica is. An ill replica gets no questions but, once a second,
a copy of one that nobody waits for, until it is well.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx
import telemetry
from config import Settings
from deadline import Deadline
from editions import Edition, Editions
from errors import SearchFailed
from limits import Window
from replicas import Replica

PATIENCE_A_WORD_S = 0.001
CHECK_WORDS = 12
CHECK_TICK_S = 0.1


@dataclass(frozen=True, slots=True)
class Found:
    edition: Edition | None
    id: str
    text: str


class Search:
    def __init__(self, client: httpx.AsyncClient, editions: Editions, settings: Settings) -> None:
        self._client = client
        self._editions = editions
        self._settings = settings
        self._window = Window(settings.queries_a_second)
        self._replicas = [Replica(name, url, settings.well_after) for name, url in settings.replicas.items()]
        self._latest: list[str] = []
        self._running: set[asyncio.Task[Found | None]] = set()

    async def best(self, words: list[str], request_id: str, deadline: Deadline) -> Found:
        """The article that fits best."""
        if not await self._window.wait(deadline):
            raise SearchFailed("as many queries as are agreed are on their way")
        self._latest = words[:CHECK_WORDS]
        untried = sorted(self._replicas, key=Replica.score)
        asked = [untried.pop(0)]
        race = {self._start(asked[0], words, request_id, 1)}
        wait = self._patience(words)
        while race:
            done, race = await asyncio.wait(
                race, timeout=min(wait, deadline.left()), return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                found = task.result()
                if found is not None:
                    return found
            if deadline.passed:
                break
            if not done and len(asked) == 1:
                asked[0].overdue()
            if untried and self._window.take(self._settings.hedges_up_to):
                asked.append(untried.pop(0))
                telemetry.hedges.labels(asked[-1].name).inc()
                race.add(self._start(asked[-1], words, request_id, len(asked)))
            wait = 0.05 if untried else deadline.left()
        raise SearchFailed(f"no article from {' and '.join(replica.name for replica in asked)}")

    async def look_after_the_ill(self) -> None:
        """Send an ill replica a copy of a question now and then, while another one serves."""
        while True:
            await asyncio.sleep(CHECK_TICK_S)
            try:
                if self._latest and not all(replica.ill for replica in self._replicas):
                    for replica in self._replicas:
                        self._check(replica)
            except Exception:  # whatever it is, this must go on
                telemetry.log.exception("the check of a replica failed")

    def _check(self, replica: Replica) -> None:
        now = time.monotonic()
        if not replica.ill or replica.checking or replica.open or now < replica.next_check:
            return
        if not self._window.take(self._settings.checks_up_to):
            return
        replica.checking = True
        replica.next_check = now + self._settings.check_every_s
        task = self._start(replica, self._latest, "", 0)

        def over(_: object) -> None:
            replica.checking = False

        task.add_done_callback(over)

    def _patience(self, words: list[str]) -> float:
        return self._settings.hedge_after_s + PATIENCE_A_WORD_S * len(words)

    def _start(self, replica: Replica, words: list[str], request_id: str, attempt: int) -> asyncio.Task[Found | None]:
        task = asyncio.create_task(self._ask(replica, words, request_id, attempt))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _ask(self, replica: Replica, words: list[str], request_id: str, attempt: int) -> Found | None:
        """What a replica finds; None if it fails. Attempt 0 is a check."""
        outcome = "cancelled"
        began = replica.began()
        with telemetry.span("search", replica=replica.name, attempt=attempt, words=len(words)) as span:
            try:
                response = await self._client.post(
                    f"{replica.url}/search",
                    json={"query": " ".join(words), "limit": 1},
                    headers={"x-request-id": request_id} if request_id else {},
                    timeout=self._settings.query_timeout_s,
                )
                response.raise_for_status()
                found = self._read(response.json(), began)
                outcome = "ok"
                return found
            except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
                outcome = type(error).__name__
                span.set_attribute("error", outcome)
                return None
            finally:
                replica.ended(began, len(words), self._patience(words), outcome != "ok")
                telemetry.searches.labels(replica.name, outcome).inc()
                telemetry.stages.labels("search").observe(time.monotonic() - began)

    def _read(self, raw: Any, began: float) -> Found:
        edition = self._editions.observe(int(raw["revision"]), began)
        article = raw["articles"][0]
        return Found(edition, str(article["id"]), str(article["text"]))
