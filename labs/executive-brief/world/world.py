"""The CFO's desk: has a brief written of each month, and holds it against what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pages
import pictures
from casebook.asks import in_lanes
from cited import Examined
from cited_cases.exhibits import Exhibits
from cited_cases.runs import Writer
from judge import blocks, judged, read, rows
from months import Made, Month, kept, month

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture, Plan

RUN_S, LANES = 30.0, 3
"""A run takes half a second of an idle core; the rest is for a machine that is busy with other things."""


@dataclass(frozen=True)
class Seen:
    """A month of the public season, and what was written of it."""

    made: Made
    document: str
    found: Examined
    why: str


class World:
    """Three lanes, so that a brief is written while another is judged."""

    def __init__(self, plan: Plan[Month]) -> None:
        self.lanes = in_lanes(plan["cases"], LANES)
        self.seen: dict[str, Seen] = {}
        self._seed = plan["seed"]
        self._keeps = len(plan["cases"]) < 20  # for pages and pictures, which an exam has not
        self._writer = Writer("writer", RUN_S)
        self._exhibits = Exhibits({**plan, "cases": kept(plan)}, 3)
        self.routes = self._exhibits.routes

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self.seen, what)

    def pictures(self) -> Iterable[Picture]:
        """What was said beside what is true."""
        return pictures.of(list(self.seen.values()))

    async def play(self, lane: Sequence[Month], on: On) -> None:
        """A lane: its months in order."""
        for case in lane:
            made = await asyncio.to_thread(month, self._seed, case)
            written = await self._writer.write(on, case["id"], made.tables)
            self._exhibits.keep(case["id"], written.document or f"There is no brief: {written.why}.")
            found = Examined()
            if written.word:
                on.tell_rest(case["id"], written.word, written.why)
            else:
                found = await asyncio.to_thread(read, written.document, made)
                more = rows(written.document), blocks(written.document)
                for aspect, (word, note) in judged(found, made, *more):
                    on.tell(case["id"], aspect, word, note)
            if self._keeps:
                self.seen[case["id"]] = Seen(made, written.document, found, written.why)
