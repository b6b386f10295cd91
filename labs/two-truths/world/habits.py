"""What a customer does: orders with their statuses, and page views, from months ago to the end of a season."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from common.names import named
from definitions import CHANNELS, PAGES, ROLLING, ZERO, Definition
from truth import Event, begin

BEFORE = timedelta(days=130)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFF = timedelta(milliseconds=250)
"""What a customer does by itself is off the full second, on which moments and edges are: nothing is near an edge but
what is exactly on it."""
NULLS, KEEP = 0.12, 0.25


class Habits:
    """One customer. `quiet` ones order every few months, and some came only lately: windows with nothing in them. Who
    `keeps` sends nothing back: none of many orders."""

    def __init__(self, rng: random.Random, seed: int, customer: str, today: datetime) -> None:
        self._rng, self._seed, self.customer, self._today = rng, seed, customer, today
        self.quiet = rng.random() < 0.2
        self.keeps = rng.random() < KEEP
        self._came = today - (timedelta(days=rng.randint(1, 30)) if rng.random() < 0.15 else BEFORE)
        self.events: list[Event] = []

    def live(self, until: datetime) -> None:
        """The everyday, until then."""
        for source, days in (("orders", 60.0 if self.quiet else 3.2), ("page_views", 12.0 if self.quiet else 2.4)):
            at = self._today - BEFORE
            while (at := at + timedelta(seconds=int(self._rng.expovariate(1 / (days * 86_400))) + 60)) < until:
                (self._order if source == "orders" else self._view)(at + OFF)

    def visit(self, at: datetime, since: datetime) -> None:
        """What comes just before a checkout: an order, a refund of an older one, a page view; not all each time."""
        rng = self._rng
        if rng.random() < (0.4 if self.quiet else 0.8):
            self._order(at - timedelta(seconds=rng.randint(15, 50)) + OFF)
        if rng.random() < 0.7:
            self._view(at - timedelta(seconds=rng.randint(15, 50)) + OFF)
        older = [one for one in self.events if one.statuses and at - timedelta(days=60) < one.at < since - 3 * HOUR]
        if older and not self.keeps and rng.random() < 0.6:
            back = [one for one in older if one.statuses[-1][0] == "refunded"]
            one = rng.choice(back if back and rng.random() < 0.4 else older)
            recorded = at if rng.random() < 0.4 else at - timedelta(seconds=rng.randint(2, 10)) + OFF
            if one.statuses[-1][1] < recorded:
                self.events.remove(one)
                status = "refunded" if one.statuses[-1][0] != "refunded" else "disputed"
                statuses = (*one.statuses, (status, recorded))
                self.events.append(Event(one.id, one.customer, one.at, one.number, one.column, statuses))

    def plant(self, feature: Definition, at: datetime, later: bool) -> None:
        """Something where a mistake shows: on an edge of the feature's window for this moment, or of a local day,
        without a number, just before the moment. With `later` its status comes after the moment."""
        where = dict(feature.where)
        if "status" in where and self.keeps:
            return
        if later and "status" in where:
            placed = at - timedelta(days=self._rng.uniform(1, min(20, feature.days - 1)))
            placed = placed.replace(microsecond=0) + OFF
            recorded = at + timedelta(hours=self._rng.randint(1, 72)) + OFF
            if recorded < self._today - 24 * HOUR:
                self._make(
                    feature, placed, (("placed", placed), ("delivered", placed + HOUR), (where["status"], recorded))
                )
            return
        since = begin(feature, at)
        if feature.missing == ZERO and self._rng.random() < 0.6:
            inside = since + (at - since) * self._rng.uniform(0.1, 0.9)
            moments, null = [inside.replace(microsecond=0) + OFF], True
        else:
            moments, null = self._where_it_shows(feature, since, at), False
        for moment in moments:
            statuses: tuple[tuple[str, datetime], ...] = (("placed", moment),)
            if "status" in where:
                if feature.aggregate == "share":
                    moment = min(moment, at - 3 * MINUTE)
                statuses = ("placed", moment), (where["status"], moment + 3 * MINUTE)
            self._make(feature, moment, statuses, null)

    def _where_it_shows(self, feature: Definition, since: datetime, at: datetime) -> list[datetime]:
        """At the moment or just before it, now and then; else on the edge, or just inside; of calendar days at the
        first midnight and before it. Outside alone where a newer row would hide it."""
        before = since if feature.kind == ROLLING else since - 15 * MINUTE + OFF
        if feature.aggregate == "days_since":
            return [before]
        if self._rng.random() < 0.3:
            return [at] if self._rng.random() < 0.7 else [at - timedelta(minutes=self._rng.randint(5, 50)) + OFF]
        if feature.kind == ROLLING:
            return [since + 30 * MINUTE + OFF if self._rng.random() < 0.5 else before]
        return [before, since]

    def _make(
        self, feature: Definition, placed: datetime, statuses: tuple[tuple[str, datetime], ...], null: bool = False
    ) -> None:
        where = dict(feature.where)
        large = Decimal(self._rng.randint(31_000, 90_000)) / 100
        if feature.source == "orders":
            channel = where.get("channel") or self._rng.choice(CHANNELS[:2])
            self._keep(placed, None if null else large, channel, statuses)
        else:
            seconds = Decimal(self._rng.randint(1300, 4000)) / 4
            self._keep(placed, None if null else seconds, where.get("page") or self._rng.choice(PAGES[:2]))

    def _order(self, at: datetime) -> None:
        rng = self._rng
        amount = None if rng.random() < NULLS else Decimal(rng.randint(500, 30_000)) / 100
        statuses = [("placed", at), ("delivered", at + timedelta(hours=rng.randint(20, 96)))]
        fate = rng.random()
        if fate < 0.18 and not self.keeps:
            last = at + timedelta(hours=rng.randint(100, 240))
            statuses.append(("refunded" if fate < 0.14 else "disputed", last))
        self._keep(at, amount, rng.choices(CHANNELS, (42, 38, 20))[0], tuple(statuses))

    def _view(self, at: datetime) -> None:
        seconds = None if self._rng.random() < NULLS else Decimal(self._rng.randint(4, 1200)) / 4
        self._keep(at, seconds, self._rng.choices(PAGES, (45, 40, 15))[0])

    def _keep(
        self, at: datetime, number: Decimal | None, column: str, statuses: tuple[tuple[str, datetime], ...] = ()
    ) -> None:
        kind = "o" if statuses else "v"
        if at < self._came:
            return
        id_ = kind + named(self._seed, self.customer, kind, len(self.events))
        self.events.append(Event(id_, self.customer, at, number, column, statuses))
