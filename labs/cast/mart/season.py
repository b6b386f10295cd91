"""The calendar: plays a season's days one after the other, a run each, and keeps what was to be seen."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from books import Books
from contract import document, written
from markets import Plan
from sales import audited

Run = Callable[[str], Awaitable[str]]
"""Runs the pipeline for a date; the state in which it ended."""


class Absent(LookupError):
    """There is nothing of that name today."""


class Unavailable(Exception):
    """The source is down for that market today."""


class Season:
    """One season: what the source shows today, the books, and a snapshot of each market for each day that is closed."""

    def __init__(self, plan: Plan, run: Run) -> None:
        self.plan = plan
        self.books = Books(plan)
        self.closed = -1
        self.runs: list[dict[str, Any]] = []
        self._run = run
        self._snapshots: dict[tuple[str, int], bytes] = {}
        self._change = asyncio.Condition()
        self._playing: asyncio.Task[None] | None = None

    @property
    def over(self) -> bool:
        """Whether all days are closed."""
        return self.closed >= self.plan.days - 1

    def begin(self) -> None:
        """Play all days from now on; once."""
        if self._playing is None:
            self._playing = asyncio.get_running_loop().create_task(self._play())

    def stop(self) -> None:
        """Play no further day."""
        if self._playing is not None:
            self._playing.cancel()

    async def ask(self, market: str, after: int) -> bytes:
        """What was to be seen of a market when a day was closed; waits until it is.

        Raises:
            Absent: no such market or day.
        """
        if market not in self.plan.markets or not 0 <= after < self.plan.days:
            raise Absent("no such market or day")
        self.begin()
        async with self._change:
            await self._change.wait_for(lambda: self.closed >= after)
        return self._snapshots[market, after]

    def batch(self, market: str, day: str) -> dict[str, Any]:
        """A batch as it is to be had today.

        Raises:
            Absent: it is not there, or not yet.
            Unavailable: the source is down for it.
        """
        try:
            number = self.plan.number(day)
            found = self.plan.markets[market]
        except (ValueError, LookupError):
            raise Absent("no such market or day") from None
        if number > self.books.today:
            raise Absent("not there yet")
        incident = found.incidents.get(number)
        if incident is not None and incident.kind == "down" and not found.sound(number, self.books.today):
            raise Unavailable("the till system of this market does not answer")
        try:
            made = written(self.plan, found, number, self.books.today)
        except IndexError:
            raise Absent("older than what is kept") from None
        if made is None:
            raise Absent("not there yet")
        return made

    def contracts(self) -> dict[str, Any]:
        """The contract of each market."""
        return {name: document(self.plan, market, self.books.today) for name, market in self.plan.markets.items()}

    def audits(self, day: str) -> dict[str, Any]:
        """Of each market: the rows of a day that were counted by hand; Absent for a day to come."""
        try:
            number = self.plan.number(day)
        except ValueError:
            raise Absent("no such day") from None
        if not -30 <= number <= self.books.today:
            raise Absent("no such day")
        return {
            name: {column: values.tolist() for column, values in audited(self.plan.seed, name, number).items()}
            for name in self.plan.markets
        }

    async def _play(self) -> None:
        for day in range(self.plan.days):
            begun = time.monotonic()
            self.books.today = day
            state = await self._run(self.plan.date(day))
            seconds = time.monotonic() - begun
            self.runs.append({"day": self.plan.date(day), "state": state[:80], "seconds": round(seconds, 3)})
            await asyncio.sleep(max(0.0, self.plan.day_s - seconds))
            for market in self.plan.markets:
                self._snapshots[market, day] = json.dumps(self.books.snapshot(market), separators=(",", ":")).encode()
            async with self._change:
                self.closed = day
                self._change.notify_all()
