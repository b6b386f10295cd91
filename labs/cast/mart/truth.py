"""The answers: whether what was to be seen of a market is what should have been. Used by the exam, not by the mart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract import rows_of
from markets import HISTORY, Plan
from sales import held_out, world
from worth import features, ratio, same

CURRENT, GATED = 1.6, 2.4
"""How many times the error of the true demand a live model may have: on a good day; on one with nothing to learn."""
AGE_TOLERANCE = 0.05
Seen = Mapping[str, Any]


class Truth:
    """One function for each kind of question: market, the day it is about, the day after which it is asked, and what
    the mart showed. The answer is `right` or a word for what is wrong. All is worked out beforehand: while a day's
    questions are answered, the load has little time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        days = range(-HISTORY, plan.days)
        self._features = {
            (name, day): features(rows_of(plan, market, day)) for name, market in plan.markets.items() for day in days
        }
        for name in plan.markets:
            for day in range(plan.days):
                held_out(plan.seed, name, day)

    def features(self, market: str, about: int, after: int, seen: Seen) -> str:
        """A good day has its features when its night is over, and ever after, and no others, not even for a moment; one
        with wrong labels none but those."""
        entries = seen["features"].get(self._plan.date(about), [])
        incident = self._plan.markets[market].incidents.get(about)
        mislabelled = incident is not None and incident.kind == "mislabelled"
        if not mislabelled and all(entry["published_on"] > self._plan.date(about) for entry in entries):
            return "missing"
        return self._first_wrong(market, about, entries)

    def refused(self, market: str, about: int, after: int, seen: Seen) -> str:
        """Nothing was published of a day whose batch cannot be used."""
        return "published" if self._made(about, seen) else "right"

    def backfill(self, market: str, about: int, after: int, seen: Seen) -> str:
        """A day that was missed has been made good: once, and by the second night on which that could be."""
        made = self._made(about, seen)
        if not made:
            return "missing"
        if len(made) > 1:
            return "twice"
        incident = self._plan.markets[market].incidents.get(about)
        sound = 0 if incident is None or incident.until is None else max(incident.until, 0)
        if made[0]["published_on"] > self._plan.date(sound + 1):
            return "late"
        return self._first_wrong(market, about, made)

    def alerted(self, market: str, about: int, after: int, seen: Seen) -> str:
        """Somebody was paged about that day, on that day, once, and about nothing else of that market."""
        if all(page["day"] != self._plan.date(about) for page in seen["pages"]):
            return "silent"
        return "right" if len(seen["pages"]) == 1 else "storm"

    def quiet(self, market: str, about: int, after: int, seen: Seen) -> str:
        """Nobody was paged. Whoever finds wrong labels may say so, once."""
        incident = self._plan.markets[market].incidents.get(after)
        most = 1 if incident is not None and incident.kind == "mislabelled" else 0
        return "right" if len([page["day"] for page in seen["pages"]]) <= most else "alarm"

    def fresh(self, market: str, about: int, after: int, seen: Seen) -> str:
        """The reported age is that of the newest day that has its own features."""
        if seen["age"] is None:
            return "silent"
        newest = max((day for day in range(-HISTORY, after + 1) if self._true(market, day, seen)), default=-HISTORY)
        return "right" if abs(seen["age"] - (after - newest)) <= AGE_TOLERANCE else "wrong"

    def current(self, market: str, about: int, after: int, seen: Seen) -> str:
        """The live model is one of these days."""
        return "right" if self._error(market, after, seen) <= CURRENT else "outdated"

    def gated(self, market: str, about: int, after: int, seen: Seen) -> str:
        """The live model, and whatever went live that night, is fit: not of wrong labels, or of a batch of no use."""
        models = [seen["model"], *seen["models"]]
        return "right" if all(self._error(market, after, {"model": model}) <= GATED for model in models) else "unfit"

    def _made(self, about: int, seen: Seen) -> list[Any]:
        """What was published of a day since the season began."""
        first = self._plan.date(0)
        return [entry for entry in seen["features"].get(self._plan.date(about), []) if entry["published_on"] >= first]

    def _true(self, market: str, day: int, seen: Seen) -> bool:
        entries = seen["features"].get(self._plan.date(day))
        return bool(entries) and same(entries[-1]["features"], self._features[market, day])

    def _first_wrong(self, market: str, day: int, entries: list[Any]) -> str:
        """`right` if all entries are that day's own features, else what is wrong with the first that is not."""
        for entry in entries:
            if entry["data_day"] != self._plan.date(day):
                return "copy"
            if not same(entry["features"], self._features[market, day]):
                return "wrong"
        return "right"

    def _error(self, market: str, day: int, seen: Seen) -> float:
        seed = self._plan.seed
        return ratio(seen["model"], held_out(seed, market, day), world(seed, market), day)
