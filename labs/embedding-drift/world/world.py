"""Fernway: two weeks and two days of searches in many dealers' catalogues, and a monitor that is asked once a day."""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Iterator
from typing import Any

import pages
import pictures
from casebook.world import Absent, Call, Handler, Html, On, Picture
from collection import Collection
from judge import Diary
from kinds import DAYS, PAST, PRICES, Season
from starlette.responses import Response
from stock import stock
from traffic import canary, searches

FIRST_S, DAY_S = 30.0, 10.0
"""The first day may take the one, since the past is read on it; each other day the other."""
ANSWER = {"reports": [{"collection": str, "kind": str}], "actions": [{"collection": str, "action": str}]}


class World:
    """One lane of days."""

    def __init__(self, plan: Season) -> None:
        self.plan, kept = plan, stock()
        self.collections = {case["name"]: Collection(plan["seed"], case, kept) for case in plan["cases"]}
        self.diaries = {name: Diary(one) for name, one in self.collections.items()}
        self.today = -1
        self.silent: dict[int, str] = {}
        self.lanes = ["season"]
        self._days: dict[int, bytes] = {}
        self.routes: dict[str, Handler] = {"GET /days/{day}": self._day, "POST /canary": self._canary}

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self, what)

    def pictures(self) -> Iterator[Picture]:
        """Recall, reports and repairs."""
        return pictures.of(self)

    def date(self, day: int) -> datetime.date:
        """A day's date."""
        return datetime.date.fromisoformat(self.plan["date"]) + datetime.timedelta(day)

    async def play(self, lane: str, on: On) -> None:
        """The season."""
        await asyncio.to_thread(lambda: [self._write(day) for day in range(-PAST, 0)])
        for day in range(DAYS):
            await asyncio.to_thread(self._begin, day)
            reply = await on.ask("monitor", "POST", "/days", {"today": day}, FIRST_S if day == 0 else DAY_S)
            if word := reply.bad(ANSWER):
                self.silent[day] = word
            else:
                self._take(day, reply.json)
            for diary in self.diaries.values():
                for aspect, word, note in diary.closed(day, self.silent):
                    on.tell(diary.case["id"], aspect, word, note)

    def _begin(self, day: int) -> None:
        for one in self.collections.values():
            one.begin(day)
        for name, seen in self._write(day).items():
            best = [row[0] for row in seen["similarities"]]
            clicked = [rank > 0 for rank in seen["opened"]]
            self.diaries[name].begun(sum(best) / len(best), sum(clicked) / len(clicked))
        self.today = day

    def _write(self, day: int) -> dict[str, dict[str, Any]]:
        """A day as it is told."""
        date = self.date(day)
        seen = {name: searches(one, day, weekend=date.weekday() > 4) for name, one in self.collections.items()}
        told = {"day": day, "date": str(date), "collections": seen}
        self._days[day] = json.dumps(told, separators=(",", ":")).encode()
        return seen

    def _take(self, day: int, said: dict[str, Any]) -> None:
        """Reports and actions; what names no collection, or no action, does nothing."""
        for report in said["reports"]:
            if report["collection"] in self.diaries:
                self.diaries[report["collection"]].said(day, report["kind"])
        for action in said["actions"]:
            if action["collection"] in self.diaries and action["action"] in PRICES and action["action"] != "canary":
                self.diaries[action["collection"]].did(day, action["action"])

    def _day(self, call: Call) -> Response:
        day = int(call.path["day"])
        if day not in self._days:
            raise Absent("there is no such day yet")
        return Response(self._days[day], media_type="application/json")

    def _canary(self, call: Call) -> dict[str, Any]:
        name = call.json["collection"]
        if name not in self.collections or self.today < 0:
            raise Absent("there is no such collection")
        self.collections[name].pay("canary")
        return canary(self.collections[name], self.today)
