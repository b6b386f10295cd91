"""What a live page reads of a public season, as JSON. Nothing here runs in an exam."""

from __future__ import annotations

import traceback
from typing import Any

from casebook.season import Season


def lap(season: Season, number: int) -> dict[str, Any]:
    """How far the season is, and what was told in it, in that order. `began` (epoch, s) is None before it begins."""
    book = season.book
    told = [
        {
            "case": outcome.question.case,
            "aspect": outcome.question.aspect,
            "word": outcome.word,
            "note": outcome.note,
            "at": outcome.at,
        }
        for outcome in book.order
    ]
    return {
        "lap": number,
        "began": season.began,
        "cases": book.cases,
        "closed": book.closed,
        "asked": len(book.outcomes),
        "told": book.told,
        "over": season.over,
        "broken": season.broken,
        "outcomes": told,
    }


class Pictures:
    """A world's pictures, drawn again only when something more was told. One that a lap has not drawn yet is the
    earlier lap's; `lap` of each says which."""

    def __init__(self) -> None:
        self._drawn: dict[str, dict[str, Any]] = {}
        self._of: tuple[int, int, bool] | None = None

    def of(self, season: Season, number: int) -> list[dict[str, Any]]:
        """`[{"id", "title", "svg", "lap"}]`. From one that cannot be drawn on they are left out, and the log
        says why."""
        state = number, season.book.told, season.over
        if state != self._of:
            self._of = state
            self._drawn |= {each["id"]: each for each in _drawn(season.world, number)}
        return list(self._drawn.values())


def _drawn(world: Any, number: int) -> list[dict[str, Any]]:
    drawn: list[dict[str, Any]] = []
    try:
        for each in world.pictures() if hasattr(world, "pictures") else ():
            drawn.append({"id": each.id, "title": each.title, "svg": each.svg(), "lap": number})
    except Exception as error:  # what it draws may be a candidate's: that is no reason to break a season
        traceback.print_exception(error)
    return drawn
