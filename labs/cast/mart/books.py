"""What has been published, paged and reported in a season. Append-only; every entry knows the day it was made on."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from contract import rows_of
from markets import HISTORY, Market, Plan
from sales import INPUTS, world
from worth import features

GAUGE = "features_age_days"
MOST_PAGES, MOST_REVISIONS, MOST_TEXT = 40, 60, 300
MOST_GROUPS = 256  # a job for each market, and some
Entry = dict[str, Any]


class Refused(ValueError):
    """What was sent cannot be entered; the message says why."""


class Books:
    """All that consumers and people on call can see."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.today = 0
        self.features: dict[str, dict[int, list[Entry]]] = {}
        self.models: dict[str, list[Entry]] = {}
        self.pages: defaultdict[str, list[Entry]] = defaultdict(list)
        self._ages: dict[str, dict[str, float]] = {}
        for market in plan.markets.values():
            self.features[market.id] = _history(plan, market)
            self.models[market.id] = [_old_model(plan, market)]

    def publish(self, said: Mapping[str, Any]) -> Entry:
        """Enter features of a market's day: a new revision, which is the one that consumers read from now on."""
        market, day = self._market(said), self._day(said.get("day"))
        entries = self.features[market].setdefault(day, [])
        if len(entries) >= MOST_REVISIONS:
            raise Refused("too many revisions of that day")
        values = said.get("features")
        if not isinstance(values, Mapping) or not values or len(values) > 32:
            raise Refused("features: an object of 1 to 32 numbers")
        entry = {
            "revision": len(entries) + 1,
            "data_day": self._plan.date(self._day(said.get("data_day", said.get("day")))),
            "published_on": self._plan.date(self.today),
            "features": {str(name)[:40]: _number(value) for name, value in values.items()},
        }
        entries.append(entry)
        return entry

    def release(self, said: Mapping[str, Any]) -> Entry:
        """Enter a linear model, which is live from now on."""
        market = self._market(said)
        coef = said.get("coef")
        if not isinstance(coef, Mapping) or set(coef) != set(INPUTS):
            raise Refused(f"coef: one number for each of {', '.join(INPUTS)}")
        if len(self.models[market]) >= MOST_REVISIONS:
            raise Refused("too many models of that market")
        entry = {
            "revision": len(self.models[market]) + 1,
            "released_on": self._plan.date(self.today),
            "intercept": _number(said.get("intercept")),
            "coef": {name: _number(coef[name]) for name in INPUTS},
        }
        self.models[market].append(entry)
        return entry

    def page(self, said: Mapping[str, Any]) -> Entry:
        """Wake somebody up."""
        market = self._market(said)
        day = self._day(said.get("day"))
        if len(self.pages[market]) >= MOST_PAGES:
            raise Refused("the pager is full")
        text = str(said.get("text", ""))[:MOST_TEXT]
        entry = {"day": self._plan.date(day), "paged_on": self._plan.date(self.today), "text": text}
        self.pages[market].append(entry)
        return entry

    def report(self, group: str, text: str) -> None:
        """Keep a pushed page of metrics: the gauge of each market, in place of what that group said before."""
        if group not in self._ages and len(self._ages) >= MOST_GROUPS:
            raise Refused("too many groups of metrics")
        self._ages.pop(group, None)
        self._ages[group] = gauges(text)

    def age(self, market: str) -> float | None:
        """The freshness that was last reported for a market, in days."""
        found = [ages[market] for ages in self._ages.values() if market in ages]
        return found[-1] if found else None

    def live(self) -> dict[str, Entry]:
        """The live model of each market."""
        return {market: models[-1] for market, models in self.models.items()}

    def listing(self) -> dict[str, dict[str, Entry]]:
        """Of each market and published day: its latest revision."""
        return {
            market: {self._plan.date(day): entries[-1] for day, entries in sorted(days.items())}
            for market, days in self.features.items()
        }

    def snapshot(self, market: str) -> dict[str, Any]:
        """All that is asked about a market when a day is closed."""
        today = self._plan.date(self.today)
        return {
            "today": today,
            "features": {self._plan.date(day): entries for day, entries in sorted(self.features[market].items())},
            "model": self.models[market][-1],
            "models": [model for model in self.models[market] if model["released_on"] == today],
            "pages": [page for page in self.pages[market] if page["paged_on"] == today],
            "age": self.age(market),
        }

    def _market(self, said: Any) -> str:
        market = said.get("market") if isinstance(said, Mapping) else None
        if not isinstance(market, str) or market not in self.features:
            raise Refused("market: there is none of that name")
        return market

    def _day(self, value: Any) -> int:
        try:
            day = self._plan.number(str(value))
        except ValueError:
            raise Refused("day: a date, YYYY-MM-DD") from None
        if not -HISTORY <= day <= self.today:
            raise Refused("day: lies outside what has happened")
        return day


def gauges(text: str) -> dict[str, float]:
    """The freshness gauge by market, from the text format of Prometheus. What is not understood is passed over."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        try:
            found[match["market"]] = float(match["value"])
        except ValueError:
            continue
    return found


_LINE = re.compile(
    rf"^{GAUGE}\{{(?:[^}}]*,)?\s*market=\"(?P<market>[^\"]{{1,40}})\"[^}}]*\}}\s+(?P<value>\S{{1,40}})(?:\s+\d{{1,20}})?\s*$"
)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("a value is no number")
    try:
        number = float(value)
    except OverflowError:
        raise Refused("a value is no finite number") from None
    if not math.isfinite(number):
        raise Refused("a value is no finite number")
    return number


def _history(plan: Plan, market: Market) -> dict[int, list[Entry]]:
    """Right features until the gap began; in the gap each day is a copy of the last good one, or has none."""
    last = -market.gap - 1
    made = {}
    for day in (day for day in range(-HISTORY, 0) if day not in market.lacking):
        true = min(day, last)
        values = features(rows_of(plan, market, true))
        when = plan.date(day)
        made[day] = [{"revision": 1, "data_day": plan.date(true), "published_on": when, "features": values}]
    return made


def _old_model(plan: Plan, market: Market) -> Entry:
    """The model of the last good day: the true one of that day."""
    day = -market.gap - 1
    place = world(plan.seed, market.id)
    weights = (place.weights + day * place.drift) / place.spread
    return {
        "revision": 1,
        "released_on": plan.date(day),
        "intercept": float(place.base - weights @ place.level),
        "coef": dict(zip(INPUTS, map(float, weights), strict=True)),
    }
