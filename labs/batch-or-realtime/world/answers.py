"""What the pool says: how likely it is that a thief has a card, and which cards there are."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from calendar_days import DAY_S, begin_of, practice_season, text
from casebook.calls import Absent
from practice import PracticeClock
from season import Season, season

if TYPE_CHECKING:
    from casebook.calls import Call, Handler

LIST_S = 0.03
LONGEST = 100


class Answers:
    """Scores by the pool's clock."""

    words = ("old",)  # a night that hands out yesterday's scores

    def __init__(self) -> None:
        self._practice = PracticeClock() if os.environ.get("PRACTICE") else None

    def plan(self, plan: dict[str, Any]) -> None:
        """`season`: a whole number that all is drawn from; `day`: which day it begins. Without a plan it is practice,
        and soon there is a plan that says so."""
        seed, day, practice = plan.get("season"), plan.get("day", 0), plan == {"practice": True}
        if plan and not practice and (type(seed) is not int or type(day) is not int or day < 0):
            raise ValueError("season and day must be whole numbers")
        self._seed, self._begin = seed, begin_of(day)
        if self._practice and not practice:
            self._practice.end() if plan else self._practice.begin()

    def answer(
        self, model: str, version: str, item: dict[str, Any], now: float, acting: frozenset[str]
    ) -> dict[str, Any]:
        """The score of `item["card"]` as of now; as of yesterday's midnight in a night that hands out old ones."""
        card = item.get("card")
        if not isinstance(card, str) or not 0 < len(card) <= LONGEST:
            raise ValueError(f"card must be a text of 1 to {LONGEST} characters")
        of, begin = self._at(now)
        if "old" in acting:
            now = begin + ((now - begin) // DAY_S - 1) * DAY_S
        if card not in of.cards:
            raise Absent("nobody has this card")
        return {"card": card, "score": of.score(card, (now - begin) / 3600), "as_of": text(now)}

    def covers(self, item: dict[str, Any], answer: dict[str, Any]) -> tuple[Any, Any]:
        """A receipt is for the card, its score and the time of that."""
        return {"card": item["card"]}, {"score": answer["score"], "as_of": answer["as_of"]}

    def pages(self) -> dict[str, Handler]:
        """The cards."""
        return {"GET /cards/{date}": self._cards}

    async def _cards(self, call: Call) -> dict[str, Any]:
        await asyncio.sleep(LIST_S)
        night = datetime.combine(date.fromisoformat(call.path["date"]), time(), UTC).timestamp()
        of, begin = self._at(night)
        return {"date": call.path["date"], "cards": of.listed((night - begin) / 3600)}

    def _at(self, now: float) -> tuple[Season, float]:
        """The season, and when it began."""
        if self._seed is not None:
            return season(self._seed), self._begin
        seed, begin = practice_season(now)
        return season(seed), begin
