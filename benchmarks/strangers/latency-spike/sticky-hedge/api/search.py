"""The client of the search replicas: one is asked, and the other one when that takes too long."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any

import httpx
import telemetry

PATIENCE_S, PATIENCE_A_WORD_S = 0.12, 0.001  # several times what a replica takes that is well
LAST_S = 1.0  # after that nobody waits any more
TIMEOUT_S = 2.0  # a query that lost its race is read to its end, as it is worked on to its end
MOST, MOST_WITH_SECONDS = 36, 30  # queries a second: all, and up to which the other replica is asked too; 40 are agreed
LOOK_EVERY_S, LEASE_S = 0.2, 1.0


class SearchFailed(Exception):
    """No replica answered."""


class Search:
    def __init__(self, replicas: list[str]) -> None:
        self.replicas = replicas
        self.first = 0  # the replica to ask first
        self.client = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)
        self.sent: deque[float] = deque()
        self.running: set[asyncio.Task[Any]] = set()
        self.revision: int | None = None
        self.confirmed = 0.0

    def edition(self) -> int | None:
        """The articles' revision, if that has been heard lately."""
        return self.revision if time.monotonic() - self.confirmed < LEASE_S else None

    async def watch(self, restarted: Any) -> None:
        """Ask for the revision again and again, each replica in turn; `restarted` is called if it has gone back."""
        turn = 0
        while True:
            began = time.monotonic()
            try:
                response = await self.client.get(f"{self.replicas[turn]}/revision", timeout=0.4)
                revision = int(response.raise_for_status().json()["revision"])
                if self.revision is not None and revision < self.revision:
                    self.revision = None
                    restarted()
                self._saw(revision, began)
            except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
                telemetry.log.warning("no revision", extra={"reason": f"{self.replicas[turn]}: {error!r}"})
            turn = (turn + 1) % len(self.replicas)
            await asyncio.sleep(LOOK_EVERY_S)

    async def best(self, query: str, request_id: str) -> tuple[int, dict[str, Any]]:
        """The article that fits best, and the revision in which it was found."""
        until = time.monotonic() + LAST_S
        while not self._may_send(MOST):
            if time.monotonic() > until:
                raise SearchFailed("too many queries")
            await asyncio.sleep(0.02)
        first = self.first
        race = {self._start(first, query, request_id, 1)}
        wait, raced = PATIENCE_S + PATIENCE_A_WORD_S * len(query.split()), False
        while race:
            done, race = await asyncio.wait(race, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if (found := task.result()) is not None:
                    replica, revision, article = found
                    if raced:
                        self.first = replica
                    return revision, article
            if raced and not done:
                break
            if not raced and len(self.replicas) > 1:
                raced = self._may_send(MOST_WITH_SECONDS)
                other = (first + 1) % len(self.replicas)
                if self.first == first:
                    self.first = other
                if raced:
                    race.add(self._start(other, query, request_id, 2))
            if not raced and time.monotonic() > until:
                break
            wait = max(0.0, until - time.monotonic()) if raced else 0.05
        raise SearchFailed("no replica answered")

    def _start(self, replica: int, query: str, request_id: str, attempt: int) -> asyncio.Task[Any]:
        task = asyncio.create_task(self._ask(replica, query, request_id, attempt))
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        return task

    async def _ask(self, replica: int, query: str, request_id: str, attempt: int) -> tuple[int, int, Any] | None:
        """Replica, revision and best article; None if there is none."""
        url, began = self.replicas[replica], time.monotonic()
        with telemetry.span("search", replica=url, attempt=attempt, query_bytes=len(query)) as span:
            try:
                response = await self.client.post(
                    f"{url}/search", json={"query": query, "limit": 1}, headers={"x-request-id": request_id}
                )
                found = response.raise_for_status().json()
                revision, article = int(found["revision"]), found["articles"][0]
                self._saw(revision, began)
                telemetry.searches.labels(url, "ok").inc()
                return replica, revision, article
            except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
                span.set_attribute("error", type(error).__name__)
                telemetry.searches.labels(url, type(error).__name__).inc()
                return None

    def _saw(self, revision: int, began: float) -> None:
        if self.revision is None or revision >= self.revision:
            self.revision = revision
            self.confirmed = max(self.confirmed, began)

    def _may_send(self, most: int) -> bool:
        """Whether one more query leaves no more than `most` in a second; if so, it is counted."""
        now = time.monotonic()
        while self.sent and self.sent[0] < now - 1.1:
            self.sent.popleft()
        if len(self.sent) >= most:
            return False
        self.sent.append(now)
        return True
