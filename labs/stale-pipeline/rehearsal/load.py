"""Questions about what consumers and people on call can see of each market when a day is closed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from grader.labkit import Request, import_shared, lab_of

PUBLIC = lab_of(__file__) / "public" / "plan.json"
TIMEOUT_S = 60.0  # past the end of any exam and what it waits for: a day that is still open tells nothing

FEW_NIGHTS = 4
DARK_ASKED = 0.6  # of markets, about a night on which none has a batch

markets = import_shared(__file__, "mart/markets.py")
truth = import_shared(__file__, "mart/truth.py")


@dataclass(frozen=True)
class Question:
    """What is asked of a market once day `after` is closed, about day `about`."""

    name: str
    market: str
    after: int
    about: int

    @property
    def path(self) -> str:
        """Where the answer is found."""
        return f"/desk/{self.market}?after={self.after}&about={self.about}"


class Traffic:
    """So many questions a day of the season, in the order of days. The truth is drawn from the plan's seed."""

    target = "http://mart:8000"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        plan = markets.parse(self.plan(parameters))
        self._truth = truth.Truth(plan)
        self._questions = questions(plan, int(parameters.get("questions", 50)))
        self._known = {(question.path, question.name): question for question in self._questions}

    def plan(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """What the mart holds: the public season."""
        found: dict[str, Any] = json.loads(PUBLIC.read_text("utf-8"))
        return found

    def request(self, n: int) -> Request:
        """The n-th question. After the last day the season begins again."""
        lap, at = divmod(n, len(self._questions))
        question = self._questions[at]
        path = question.path + (f"&lap={lap}" if lap else "")
        return Request(
            method="GET", path=path, name=question.name, segment=f"day {question.after}", timeout_s=TIMEOUT_S
        )

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """`right`, else a word for what is wrong."""
        if status != 200:
            return "none"
        question = self._known[request.path.partition("&lap=")[0], request.name]
        seen = json.loads(body)
        answer: str = getattr(self._truth, request.name)(question.market, question.about, question.after, seen)
        return answer


def questions(plan: Any, a_day: int) -> list[Question]:
    """`a_day` questions of each day: first of what went wrong, or was to be kept, then of days on which nothing did.

    What a day has too few for comes after the last. Of a night on which no market has a batch, most markets' are asked
    about, so that it is not half of all trouble; and each one's model.
    """
    rng = random.Random(f"{plan.seed}:questions")
    first: list[list[Question]] = [[] for _ in range(plan.days)]
    then: list[list[Question]] = [[] for _ in range(plan.days)]
    dark = {day for day in range(plan.days) if not any(market.sound(day, day) for market in plan.markets.values())}
    for market in plan.markets.values():
        spared = dark if rng.random() >= DARK_ASKED else ()
        urgent = [each for each in trouble(market, plan.days) if each.about not in spared or each.name == "gated"]
        urgent += overdue(market, plan.days, rng)
        usual = calm(market, plan.days, rng)
        for question in kept(market, plan.days, rng):
            (usual if question.after == question.about else urgent).append(question)
        for question in urgent:
            first[question.after].append(question)
        for question in usual:
            then[question.after].append(question)
    chosen: list[Question] = []
    for day, (urgent, usual) in enumerate(zip(first, then, strict=True)):
        last = day == plan.days - 1
        count = a_day * plan.days - len(chosen) if last else min(a_day, len(urgent) + len(usual))
        rng.shuffle(urgent)
        rng.shuffle(usual)
        most = count * 2 // 3
        today = list(islice(cycle(urgent[:most] + usual + urgent[most:]), count))
        rng.shuffle(today)
        chosen += today
    return chosen


def trouble(market: Any, days: int) -> Iterator[Question]:
    """What there is to ask about days that went wrong.

    Whether nothing was published of one is asked as late as that can be asked: on the day before its sound batch is
    there, else after the last. The registry forgets nothing. Before the first night from which a model can be
    learnt, and more than a few nights after the last one, nobody asks for one.
    """
    good = [day for day in range(days) if "current" in expected(market, day)]
    taught = {night for day in good for night in range(day, day + FEW_NIGHTS + 1)}
    for about, incident in market.incidents.items():
        if incident.refusable:
            until = days if incident.until is None else min(incident.until, days)
            yield Question("refused", market.id, until - 1, about)
        if incident.refusable and about >= 0:
            yield from (Question(name, market.id, about, about) for name in ("alerted", "fresh"))
        if (incident.refusable or incident.kind == "mislabelled") and about in taught:
            yield Question("gated", market.id, about, about)


def overdue(market: Any, days: int, rng: random.Random) -> Iterator[Question]:
    """Of the gap a day of its older half and one of all, and days whose batch came late: after the second day on which
    it was there, or later."""
    gap = [day for day in range(-market.gap, 0) if market.sound(day, 0)]
    asked = {rng.choice(gap[: len(gap) // 2 or 1]), rng.choice(gap)} if gap else ()
    second = dict.fromkeys(sorted(asked), 1)
    for about, incident in market.incidents.items():
        if incident.refusable and incident.until is not None:
            second[about] = incident.until + 1
    for about, earliest in second.items():
        if earliest < days:
            yield Question("backfill", market.id, rng.randint(earliest, days - 1), about)


def kept(market: Any, days: int, rng: random.Random) -> Iterator[Question]:
    """Whether each good day has its features when it is closed, and half of them as drawn later; one of before the gap;
    and whether a day with wrong labels has others."""
    good = [day for day in range(days) if "current" in expected(market, day)]
    for about in [*good, rng.randrange(-markets.HISTORY, -market.gap)]:
        if about >= 0:
            yield Question("features", market.id, about, about)
        if about < 0 or (about < days - 1 and rng.random() < 0.5):
            after = days - 1 if rng.random() < 0.5 else rng.randint(max(about, 0) + 1, days - 1)
            yield Question("features", market.id, after, about)
    for about, incident in market.incidents.items():
        if incident.kind == "mislabelled":
            yield Question("features", market.id, rng.randint(about, days - 1), about)


def calm(market: Any, days: int, rng: random.Random) -> list[Question]:
    """What else there is to ask of days on which nothing happened, or nothing that breaks a rule; half of the ages."""
    asked = [Question(name, market.id, day, day) for day in range(days) for name in expected(market, day)]
    return [question for question in asked if question.name != "fresh" or rng.random() < 0.5]


def expected(market: Any, day: int) -> tuple[str, ...]:
    """What is expected of the night of a day whose batch breaks no rule; nothing of others."""
    incident = market.incidents.get(day)
    if incident is not None and incident.refusable:
        return ()
    if incident is not None and incident.kind == "mislabelled":
        return ("fresh", "quiet")
    return ("quiet", "current", "fresh")
