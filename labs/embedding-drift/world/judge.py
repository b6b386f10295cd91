"""What a monitor's reports and actions were worth, collection by collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from collection import Collection
from kinds import DAYS, FREE, HELD, NAMED, ODD, RESTORED, Change, names, price


class Told(NamedTuple):
    """A word for a question about a collection, and why."""

    aspect: str
    word: str
    note: str


class Diary:
    """What happened to a collection and was said of it, day by day."""

    def __init__(self, one: Collection) -> None:
        self.one, self.case = one, one.case
        self.reports: dict[int, list[str]] = {}
        self.actions: dict[int, list[str]] = {}
        self.recall: list[float] = []
        self.topic: list[float] = []
        self.troubled: list[bool] = []
        self.best: list[float] = []
        self.clicked: list[float] = []
        self._looked = 0

    def begun(self, best: float, clicked: float) -> None:
        """A day has begun, and what was ordered is done; its mean best similarity, and the share that is opened."""
        self.best.append(best)
        self.clicked.append(clicked)
        one = self.one
        self.recall.append(one.recall())
        self.topic.append(one.topic_recall())
        self.troubled.append(not all(map(one.well, one.begun)))

    def said(self, day: int, kind: str) -> None:
        """A report came."""
        self.reports.setdefault(day, []).append(kind)

    def did(self, day: int, action: str) -> None:
        """An action was ordered."""
        self.actions.setdefault(day, []).append(action)
        self.one.order(action)

    def closed(self, day: int, silent: dict[int, str]) -> Iterator[Told]:
        """What can be told when a day is over. `silent`: days without an answer, and the word for that."""
        changes = self.case["changes"]
        for at, change in enumerate(changes):
            later = [self.case["later"]] if at == 0 and "later" in self.case else []
            if day == change["day"] + NAMED:
                yield Told("named", *self._named(change, silent))
            if day in (change["day"] + RESTORED, *later):
                yield self._undone(change, day)
        if day in self._ends():
            stretch = [on for on in range(self._looked, day + 1) if on not in self._odd()]
            yield Told("quiet", *self._rung(stretch, silent))
            self._looked = day + 1
        if self._odd() and day == self._odd()[-1]:
            yield Told("spared", *self._rung(self._odd(), silent))
        if day == DAYS - 1:
            yield Told("spent", *self._cost(silent))

    def _ends(self) -> list[int]:
        """The last days of two stretches that ought to be quiet: until the first change or oddity, and after it until
        the second change or the end."""
        changes = self.case["changes"]
        first = changes[0]["day"] if changes else self._odd()[0]
        return [first - 1, (changes[1]["day"] if len(changes) > 1 else DAYS) - 1]

    def _odd(self) -> list[int]:
        """Days that are odd, and nothing is wrong: none where a change begins with them."""
        harmless = self.case.get("harmless")
        if not harmless or any(change["day"] == harmless["day"] for change in self.case["changes"]):
            return []
        return list(range(harmless["day"], harmless["day"] + ODD))

    def _named(self, change: Change, silent: dict[int, str]) -> tuple[str, str]:
        days = range(change["day"], change["day"] + NAMED + 1)
        what = f"{self._of(change)}; reported {self._said(days)}"
        first = next((self.reports[day] for day in days if day in self.reports), None)
        if first is None:
            return next((silent[day] for day in days if day in silent), "missed"), what
        return ("right" if set(first) <= names(change) else "mistaken"), what

    def _undone(self, change: Change, day: int) -> Told:
        days = range(change["day"], day + 1)
        did = [f"day {on}: {', '.join(self.actions[on])}" for on in days if on in self.actions]
        what = f"{self._of(change)}; until day {day} did {'; '.join(did) or 'nothing'}"
        well = self.one.well(change)
        if change["kind"] != "topic":
            recall = f"recall {self.recall[day]:.2f} of {self.one.healthy:.2f}"
            return Told("restored", "right" if well else "hurt", f"{what}; {recall}")
        dear = any("reembed" in self.actions.get(on, ()) for on in days)
        return Told("answered", "unanswered" if not well else "dear" if dear else "right", what)

    def _rung(self, days: list[int], silent: dict[int, str]) -> tuple[str, str]:
        """Whether something was reported on days on which nothing is wrong. Days of trouble do not count, nor the two
        after it."""
        free = [day for day in days if not any(self.troubled[max(0, day - HELD) : day + 1])]
        if not free or self.troubled[days[-1]]:
            return "void", f"{self.one.name}: something was wrong all the time"
        harmless = self.case.get("harmless")
        odd = f"{harmless['kind']} from day {harmless['day']}" if harmless and harmless["day"] in days else "nothing"
        what = f"{self.one.name}, days {free[0]} to {free[-1]}: {odd}; reported {self._said(free)}"
        word = next((silent[day] for day in free if day in silent), "")
        return word or ("rung" if any(day in self.reports for day in free) else "right"), what

    def _cost(self, silent: dict[int, str]) -> tuple[str, str]:
        most = FREE + sum(map(price, self.case["changes"]))
        cost = sum(self.one.spent.values())
        bill = ", ".join(f"{what} {paid}" for what, paid in sorted(self.one.spent.items()))
        if len(silent) == DAYS:
            return silent[DAYS - 1], "no day was answered"
        return ("right" if cost <= most else "dear"), f"{self.one.name}: {cost} of at most {most}: {bill or 'nothing'}"

    def _of(self, change: Change) -> str:
        return f"{self.one.name}: {change['kind']} on day {change['day']}"

    def _said(self, days: Sequence[int]) -> str:
        said = [f"{', '.join(self.reports[day][:4])} on day {day}" for day in days if day in self.reports]
        return "; ".join(said[:4]) or "nothing"
