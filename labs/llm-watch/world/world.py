"""Voltmark: nine days of what its suppliers' assistants answer, and a watch that is asked once a day."""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Iterator
from typing import Any

import pages
import pictures
from casebook.world import Absent, Call, Handler, Html, On, Picture
from judge import Diary
from kinds import DAYS, Season
from past import Past
from starlette.responses import Response

FIRST_S, DAY_S = 40.0, 30.0
"""The first day may take the one, since the history is read on it; each other day the other."""
ANSWER = {"flags": [str], "reviews": [str], "reports": {str: {}}}


class World:
    """One lane of days."""

    def __init__(self, plan: Season) -> None:
        first = datetime.date.fromisoformat(plan["date"])
        pasts = [Past(plan["seed"], case, first) for case in plan["cases"]]
        self.diaries = {past.case["name"]: Diary(past) for past in pasts}
        self.today = -1
        self.lanes = ["season"]
        self._history = _json(
            {name: [
                {
                    "date": str(one.past.date(day)), "question": text.question, "answer": text.answer,
                    "label": "bad" if text.sort == "bad" else "ok",
                }
                for day, text in one.past.history
            ] for name, one in self.diaries.items()}
        )  # fmt: skip
        self._days: dict[int, bytes] = {}
        self.routes: dict[str, Handler] = {"GET /history": self._past, "GET /days/{day}": self._day}

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self, what)

    def pictures(self) -> Iterator[Picture]:
        """Flags, reviews and reports."""
        return pictures.of(self)

    def ledger(self) -> dict[str, Any]:
        """How many flags and reviews there were."""
        every = list(self.diaries.values())
        return {
            "flags": sum(len(flags) for one in every for flags in one.flags.values()),
            "reviews": sum(len(reviews) for one in every for reviews in one.reviews.values()),
        }

    async def play(self, lane: str, on: On) -> None:
        """The season."""
        for day in range(DAYS):
            await asyncio.to_thread(self._begin, day)
            reply = await on.ask("watch", "POST", "/days", {"today": day}, FIRST_S if day == 0 else DAY_S)
            word = reply.bad(ANSWER)
            for name, one in self.diaries.items():
                if word:
                    one.silent[day] = word
                else:
                    one.flagged(day, reply.json["flags"])
                    one.ordered(day, reply.json["reviews"])
                    one.reported(day, reply.json["reports"].get(name, {}))
                for aspect, told, note in one.closed(day):
                    on.tell(one.case["id"], aspect, told, note)

    def _begin(self, day: int) -> None:
        told = {name: one.past.told(day) | {"labels": one.labels(day - 1)} for name, one in self.diaries.items()}
        date = next(iter(self.diaries.values())).past.date(day)
        self._days[day] = _json({"day": day, "date": str(date), "suppliers": told})
        self.today = day

    def _past(self, call: Call) -> Response:
        return Response(self._history, media_type="application/json")

    def _day(self, call: Call) -> Response:
        day = int(call.path["day"])
        if day not in self._days:
            raise Absent("there is no such day yet")
        return Response(self._days[day], media_type="application/json")


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
