"""What a monitor's reports and actions were worth, collection by collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from collection import Collection
from kinds import DAYS, FREE, HELD, KINDS, NAMED, PRICES, REPAIRS, RESTORED, Change


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
        self._spared_until = 0

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
            yield Told("quiet", *self._quiet(day, silent))
            self._spared_until = day + 1
        if day == DAYS - 1:
            yield Told("spent", *self._cost(silent))

    def _ends(self) -> list[int]:
        """The last days of the stretches that ought to be quiet: before the first change or harmless day, over the
        harmless ones, to the end; after the first change, until the next one."""
        changes, harmless = self.case["changes"], self.case.get("harmless")
        if changes:
            second = changes[1]["day"] if len(changes) > 1 else DAYS
            return [changes[0]["day"] - 1, second - 1]
        if harmless is None:
            return [DAYS - 1]
        return [harmless["day"] - 1, harmless["day"] + 2, DAYS - 1]

    def _named(self, change: Change, silent: dict[int, str]) -> tuple[str, str]:
        days = range(change["day"], change["day"] + NAMED + 1)
        what = f"{self._of(change)}; reported {self._said(days)}"
        first = next((self.reports[day] for day in days if day in self.reports), None)
        if first is None:
            return next((silent[day] for day in days if day in silent), "missed"), what
        return ("right" if set(first) == {KINDS[change["kind"]]} else "mistaken"), what

    def _undone(self, change: Change, day: int) -> Told:
        days = range(change["day"], day + 1)
        did = [f"day {on}: {', '.join(self.actions[on])}" for on in days if on in self.actions]
        what = f"{self._of(change)}; until day {day} did {'; '.join(did) or 'nothing'}"
        well = self.one.well(change)
        if change["kind"] != "topic":
            return Told("restored", "right" if well else "hurt", f"{what}; recall {self.recall[day]:.2f} of {self.one.healthy:.2f}")
        dear = any("reembed" in self.actions.get(on, ()) for on in days)
        return Told("answered", "unanswered" if not well else "dear" if dear else "right", what)

    def _quiet(self, last: int, silent: dict[int, str]) -> tuple[str, str]:
        """No report in a stretch; what belongs to a change, and two days after it is undone, is not looked at."""
        first = max([self._spared_until, *[on + 1 + HELD for on, bad in enumerate(self.troubled) if bad and on <= last]])
        if any(self.troubled[on] for on in range(last, last + 1)) or first > last:
            return "void", f"nothing was in order until day {last}"
        stretch = range(first, last + 1)
        for day in stretch:
            if day in silent:
                return silent[day], f"no answer on day {day}"
        noise = [day for day in stretch if day in self.reports]
        harmless = self.case.get("harmless")
        what = f"days {first} to {last}: {'odd: ' + str(harmless) if harmless else 'nothing'}; reported {self._said(stretch)}"
        return ("rung" if noise else "right"), what

    def _cost(self, silent: dict[int, str]) -> tuple[str, str]:
        most = FREE + sum(PRICES[REPAIRS[change["kind"]]] for change in self.case["changes"])
        cost = sum(self.one.spent.values())
        bill = ", ".join(f"{what} {paid}" for what, paid in sorted(self.one.spent.items()))
        if len(silent) == DAYS:
            return silent[DAYS - 1], "no day was answered"
        return ("right" if cost <= most else "dear"), f"{self.one.name}: {cost} of at most {most}: {bill or 'nothing'}"

    def _of(self, change: Change) -> str:
        return f"{self.one.name}: {change['kind']} on day {change['day']}"

    def _said(self, days: range) -> str:
        said = [f"{', '.join(self.reports[day][:4])} on day {day}" for day in days if day in self.reports]
        return "; ".join(said[:4]) or "nothing"
