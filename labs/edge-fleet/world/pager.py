"""Pages, and what they were worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from fleet import Cohort, CohortCase
from signals import DAYS, SIGNALS

PAGE = {"city": str, "revision": (str, None), "model": (str, None), "signal": str}
MOST, IN_TIME = 2, 1
"""So many pages a trend; so many days after the one on which it began."""


class Pager:
    """All pages of a season, by what they name."""

    def __init__(self, cohorts: Sequence[Cohort]) -> None:
        self._cities: defaultdict[str, dict[str | None, Cohort]] = defaultdict(dict)
        for cohort in cohorts:
            self._cities[cohort.city][cohort.revision] = cohort
        self._about: defaultdict[tuple[str, str], list[tuple[int, str | None]]] = defaultdict(list)
        self._false: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
        self._strays: dict[int, str] = {}
        self.silent: dict[int, str] = {}
        self.pages: list[tuple[int, dict[str, Any]]] = []

    def closed(self, day: int, pages: Sequence[dict[str, Any]]) -> None:
        """What came when a day was closed."""
        for page in pages:
            self.pages.append((day, page))
            if page["city"] not in self._cities:
                self._strays[day] = page["city"]
            for cohort in self._named(page):
                self._about[cohort.id, page["signal"]].append((day, page["model"]))
                if not warranted(cohort.case, day, page["signal"]):
                    self._false[cohort.id].add((day, page["signal"]))

    def failed(self, day: int, word: str) -> None:
        """No answer, or none of the form that was asked for."""
        self.silent[day] = word

    def _named(self, page: dict[str, Any]) -> Collection[Cohort]:
        """The cohort that a page names; all of a city, if it names none that there is."""
        city = self._cities.get(page["city"], {})
        return [city[page["revision"]]] if page["revision"] in city else city.values()

    def trend(self, cohort: Cohort) -> tuple[str, str]:
        """The word for a cohort that got worse, and why."""
        case = cohort.case
        about = self._about[cohort.id, case["signal"]]
        begins = f"{case['city']}, {case['revision']}: {case['signal']} from day {case['day']}, by {case['cause']}"
        said = [f"day {day}, {model}" for day, model in about]
        note = f"{begins}; paged on {'; '.join(said[:4]) or 'no day'}"
        in_time = [model for day, model in about if day <= case["day"] + IN_TIME]
        if any(day < case["day"] for day, _ in about):
            return "early", note
        if not in_time:
            return "missed", note
        if in_time[-1] != (case["new"] if case["cause"] == "model" else None):
            return "blamed", note
        return ("right" if len(about) <= MOST else "often"), note

    def spared(self, cohort: Cohort, half: int) -> tuple[str, str]:
        """The word for half a season of a cohort, and why."""
        days = range(half * DAYS // 2, (half + 1) * DAYS // 2)
        silent = [self.silent[day] for day in days if day in self.silent]
        if silent:
            return silent[0], "a day was not closed"
        wrong = sorted((day, what) for day, what in [*self._false[cohort.id], *self._strays.items()] if day in days)
        happens = cohort.case["halves"][half]
        note = f"{cohort.city}, {cohort.revision}: {happens['kind']} ({happens['signal']}) from day {happens['day']}"
        return ("paged", f"{note}; paged for nothing: {wrong[:4]}") if wrong else ("right", note)


def warranted(case: CohortCase, day: int, signal: str) -> bool:
    """Whether a page about a signal has a reason."""
    return signal in SIGNALS and case.get("signal") == signal and day >= case["day"]
