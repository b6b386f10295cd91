"""The review desk of Stagedoor: has each incident reviewed, and holds the review against what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import judge
import pages
import pictures
from cited import Examined, examine
from cited.twins import parquets, twin
from cited_cases.exhibits import Exhibits
from cited_cases.runs import Writer
from common.names import generator, named
from incidents import AMOUNTS, NAMES, WHOLE, Made, made
from kinds import KINDS

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture, Plan
    from judge import Said
    from kinds import Incident

LANES, RUN_S, DRAWN = 2, 20.0, 3
"""Side by side; seconds of a run, which a busy machine may need; claims of which the proof is asked."""


@dataclass
class Seen:
    """An incident, its tables, and what was written of it. `number`: in its plan, from 1."""

    number: int
    made: Made
    tables: dict[str, bytes]
    twin: dict[str, bytes]
    document: str = ""
    why: str = ""
    found: Examined = field(default_factory=Examined)
    words: list[tuple[str, Said]] = field(default_factory=list)


class World:
    """Incidents in two lanes side by side."""

    def __init__(self, plan: Plan[Incident]) -> None:
        self.seed = plan["seed"]
        self.lanes = [plan["cases"][at::LANES] for at in range(LANES)]
        self.seen: dict[str, Seen] = {}
        self._keeps = len(plan["cases"]) < 20  # for pages and pictures, which an exam has not
        self._numbers = {case["id"]: at + 1 for at, case in enumerate(plan["cases"])}
        self._writer, self._exhibits = Writer("writer", RUN_S), Exhibits(told_apart(plan), 3)
        self.routes = self._exhibits.routes

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self.seen, what)

    def pictures(self) -> Iterable[Picture]:
        """What was said beside what is so."""
        return pictures.of(sorted(self.seen.values(), key=lambda one: one.number))

    async def play(self, lane: Sequence[Incident], on: On) -> None:
        """A lane: its incidents in order."""
        for case in lane:
            seen = await asyncio.to_thread(self._make, case)
            if self._keeps:
                self.seen[case["id"]] = seen
            written = await self._writer.write(on, case["id"], seen.tables)
            seen.document, seen.why = written.document, pages.reason(written)
            self._exhibits.keep(case["id"], written.document or f"There is no review: {seen.why}.")
            if written.word:
                on.tell_rest(case["id"], written.word, seen.why)
                continue
            await asyncio.to_thread(self._judge, case, seen)
            for aspect, (word, note) in seen.words:
                on.tell(case["id"], aspect, word, note)

    def _make(self, case: Incident) -> Seen:
        one = made(self.seed, case)
        tables = parquets(one.tables)
        other = twin(tables, named(self.seed, case["id"], "twin"), NAMES, AMOUNTS, WHOLE)
        return Seen(self._numbers[case["id"]], one, tables, other)

    def _judge(self, case: Incident, seen: Seen) -> None:
        """All words of a document."""
        asked = judge.names(seen.made.truth)
        seen.found = examine(seen.document, seen.tables, seen.twin, asked, free=judge.FREE)
        proven = generator(self.seed, case["id"], "proven").sample(
            [name for name in asked if name not in judge.FREE], DRAWN
        )
        seen.words = [*judge.judged(seen.found, seen.made.truth, proven)]


def told_apart(plan: Plan[Incident]) -> Plan[Incident]:
    """Three cases that a reader can tell apart: of three kinds."""
    rng = generator(plan["seed"], "kept")
    kinds = rng.sample([kind for kind in KINDS if any(case["kind"] == kind for case in plan["cases"])], 3)
    kept = [rng.choice([case for case in plan["cases"] if case["kind"] == kind]) for kind in kinds]
    return {"seed": plan["seed"], "cases": kept}
