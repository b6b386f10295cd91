"""The search replicas as lanes that take questions off a board.

Nobody decides which replica gets a question. Each has some threads of its own, which take the next question from the
board when they are free, so a slow replica takes few. A question that was taken and is not answered in time is on
offer again, to the other lane only. A lane whose last query was late leaves questions to the other one, unless that
one lets them lie, and tries one a second itself.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import telemetry
import urllib3
from opentelemetry.context import Context

HANDS = 6  # threads a lane: the four queries that a replica works on, and some whose query is late and given up
PATIENCE_S, PATIENCE_A_WORD_S = 0.12, 0.001
LET_LIE_S = 0.08
TRY_EVERY_S = 1.0
AGREED, AGREED_AGAIN = 36, 30  # queries in a second at most (40 are agreed), and up to which one is put a second time
WINDOW_S = 1.1
TIMEOUT = urllib3.Timeout(connect=0.5, read=1.5)
REVISION_TIMEOUT = urllib3.Timeout(connect=0.15, read=0.15)


class SearchFailed(Exception):
    """No replica answered."""


@dataclass(frozen=True)
class Found:
    revision: int
    asked: float
    id: str
    text: str


@dataclass(eq=False)
class Ticket:
    """A question on the board."""

    words: list[str]
    request_id: str
    until: float
    context: Context
    done: Future[Found] = field(default_factory=Future)
    free_at: float = 0.0
    tried: list[Lane] = field(default_factory=list)
    at_work: int = 0
    over: bool = False

    def patience(self) -> float:
        return PATIENCE_S + PATIENCE_A_WORD_S * len(self.words)


class Lane:
    """One replica, as the board sees it. All of it is guarded by the board's lock."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.late = False
        self.took_at = 0.0


class Board:
    def __init__(self, lanes: list[Lane]) -> None:
        self.lanes = lanes
        self._changed = threading.Condition()
        self._open: list[Ticket] = []
        self._sent: deque[float] = deque()

    def offer(self, ticket: Ticket) -> None:
        ticket.free_at = time.monotonic()
        with self._changed:
            self._open.append(ticket)
            self._changed.notify_all()

    def take(self, lane: Lane) -> Ticket | None:
        """The next ticket for a lane; None now and then, so that what ran out of time can be dealt with."""
        with self._changed:
            now = time.monotonic()
            ticket = self._next(lane, now)
            if ticket is None:
                waiting = any(lane not in each.tried for each in self._open)
                self._changed.wait(0.015 if waiting else 0.5)
                now = time.monotonic()
                ticket = self._next(lane, now)
            if ticket is None:
                return None
            for other in ticket.tried:
                other.late = True
            ticket.tried.append(lane)
            ticket.at_work += 1
            ticket.free_at = now + ticket.patience()
            lane.took_at = now
            self._sent.append(now)
            return ticket

    def bring(self, lane: Lane, ticket: Ticket, took: float, found: Found | None) -> bool:
        """What came of it. Whether that settles the ticket: true once only."""
        with self._changed:
            lane.late = found is None or took > ticket.patience()
            ticket.at_work -= 1
            if found is None:
                ticket.free_at = time.monotonic()
                self._changed.notify_all()
                if ticket.at_work or len(ticket.tried) < len(self.lanes):
                    return False
            return self._settle(ticket)

    def overdue(self) -> list[Ticket]:
        """Those that nobody waits for any more; they are off the board."""
        now = time.monotonic()
        with self._changed:
            return [ticket for ticket in list(self._open) if ticket.until < now and self._settle(ticket)]

    def _settle(self, ticket: Ticket) -> bool:
        if ticket.over:
            return False
        ticket.over = True
        self._open.remove(ticket)
        return True

    def _next(self, lane: Lane, now: float) -> Ticket | None:
        while self._sent and self._sent[0] < now - WINDOW_S:
            self._sent.popleft()
        for ticket in self._open:
            if lane in ticket.tried or ticket.free_at > now or ticket.until < now:
                continue
            if len(self._sent) >= (AGREED_AGAIN if ticket.tried else AGREED):
                continue
            if lane.late and now - ticket.free_at < LET_LIE_S and now - lane.took_at < TRY_EVERY_S:
                continue
            return ticket
        return None


class Search:
    def __init__(self, replicas: list[str], saw: Any) -> None:
        self._saw = saw
        self._lanes = [Lane(url) for url in replicas]
        self._board = Board(self._lanes)
        self._askers = [urllib3.connection_from_url(url, maxsize=2, retries=False) for url in replicas]

    def start(self) -> None:
        for n, lane in enumerate(self._lanes):
            for hand in range(HANDS):
                threading.Thread(target=self._work, args=[lane], name=f"search-{n}-{hand}", daemon=True).start()

    def best(self, words: list[str], request_id: str, until: float, context: Context) -> Future[Found]:
        """The article that fits best."""
        ticket = Ticket(words, request_id, until, context)
        self._board.offer(ticket)
        return ticket.done

    def look(self) -> bool:
        """Ask for the revision, the second replica if the first does not tell. Whether one did."""
        for n, asker in enumerate(self._askers):
            asked = time.monotonic()
            try:
                response = asker.request("GET", "/revision", timeout=REVISION_TIMEOUT)
                if response.status == 200:
                    self._saw(int(response.json()["revision"]), asked, may_go_back=True)
                    if n:  # the one that told is the first one next time
                        self._askers.insert(0, self._askers.pop(n))
                    return True
            except (urllib3.exceptions.HTTPError, ValueError, LookupError, TypeError) as error:
                telemetry.log.warning("no revision", extra={"reason": repr(error)})
        return False

    def _work(self, lane: Lane) -> None:
        pool = urllib3.connection_from_url(lane.url, maxsize=1, retries=False, timeout=TIMEOUT)
        while True:
            try:
                for late in self._board.overdue():
                    late.done.set_exception(SearchFailed("no replica answered in time"))
                ticket = self._board.take(lane)
                if ticket is None:
                    continue
                began = time.monotonic()
                found = self._ask(pool, lane, ticket)
                if self._board.bring(lane, ticket, time.monotonic() - began, found):
                    if found is None:
                        ticket.done.set_exception(SearchFailed("no replica has an article"))
                    else:
                        ticket.done.set_result(found)
            except Exception:  # a hand must not fall off
                telemetry.log.exception("search hand")
                time.sleep(0.1)

    def _ask(self, pool: Any, lane: Lane, ticket: Ticket) -> Found | None:
        asked, attempt = time.monotonic(), len(ticket.tried)
        with telemetry.span(
            "search", ticket.context, replica=lane.url, attempt=attempt, words=len(ticket.words)
        ) as span:
            try:
                response = pool.request(
                    "POST",
                    "/search",
                    json={"query": " ".join(ticket.words), "limit": 1},
                    headers={"content-type": "application/json", **telemetry.request_id(ticket.request_id)},
                )
                if response.status != 200:
                    raise ValueError(f"status {response.status}")
                raw = response.json()
                article = raw["articles"][0]
                found = Found(int(raw["revision"]), asked, str(article["id"]), str(article["text"]))
            except Exception as error:
                span.set_attribute("error", type(error).__name__)
                telemetry.searches.labels(lane.url, type(error).__name__).inc()
                return None
        telemetry.searches.labels(lane.url, "ok").inc()
        self._saw(found.revision, asked)
        return found
