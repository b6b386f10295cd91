"""Questions about what consumers and people on call can see of each market when a day is closed."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from grader.load import Request
from grader.load.traffic import import_file

PUBLIC = Path(__file__).resolve().parents[1] / "public" / "plan.json"
MART = Path(__file__).resolve().parents[2] / "cast" / "mart"
TIMEOUT_S = 11.0  # a question that waits longer is answered no more; the load waits 6 s past its end

markets = import_file(MART / "markets.py")
truth = import_file(MART / "truth.py")


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
    """`a_day` questions of each day: first about what went wrong, then about days on which nothing did."""
    rng = random.Random(f"{plan.seed}:questions")
    chosen: list[Question] = []
    for after in range(plan.days):
        first, then = [], []
        for market in plan.markets.values():
            first += [Question(name, market.id, after, about) for name, about in trouble(market, after, plan.days)]
            then += [Question(name, market.id, after, after) for name in calm(market, after)]
        rng.shuffle(first)
        rng.shuffle(then)
        most = a_day * 2 // 3
        today = list(islice(cycle(first[:most] + then + first[most:]), a_day))
        rng.shuffle(today)
        chosen += today
    return chosen


def trouble(market: Any, after: int, days: int) -> list[tuple[str, int]]:
    """What there is to ask about days that went wrong, the gap among them."""
    incident = market.incidents.get(after)
    asked = []
    if incident is not None and incident.refusable:
        asked += [(name, after) for name in ("refused", "alerted", "fresh")]
    if incident is not None and incident.kind == "mislabelled":
        asked.append(("gated", after))
    return asked + [(name, about) for name, about in overdue(market, days) if due(market, about, days) == after]


def overdue(market: Any, days: int) -> list[tuple[str, int]]:
    """Days whose sound batch came late, the first and the last day of the gap, and days of it that are of no use."""
    found = []
    for about in range(-market.gap, days):
        incident = market.incidents.get(about)
        spoilt = incident is not None and incident.refusable
        late = spoilt and incident.until is not None and incident.until < days - 1
        if late or (about in (-market.gap, -1) and not spoilt):
            found.append(("backfill", about))
        elif about < 0 and spoilt:
            found.append(("refused", about))
    return found


def due(market: Any, about: int, days: int) -> int:
    """The day after which an overdue day is asked about: from the day after it could be made good, spread evenly."""
    incident = market.incidents.get(about)
    earliest = (incident.until if incident is not None and incident.until is not None else 0) + 1
    spread = days - earliest
    return int(earliest + (about * 7 + int(market.id[:4], 16)) % spread)


def calm(market: Any, after: int) -> list[str]:
    """What there is to ask of a day on which nothing happened."""
    incident = market.incidents.get(after)
    if incident is not None and incident.refusable:
        return []
    if incident is not None and incident.kind == "mislabelled":
        return ["fresh"]
    return ["features", "quiet", "current", "fresh"]
