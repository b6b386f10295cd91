"""The bench of Lumen Grid: has each trial recorded, runs the same tools on the same streams, and reads the record."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import cells
import judge
import pages
import pictures
import twins
from cited import examine
from cited.twins import parquets
from cited_cases.exhibits import Exhibits
from cited_cases.runs import Writer
from drawing import drawn
from figures import healthy, measured
from seen import Seen, kept
from trials import made

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture, Plan
    from kinds import Trial

LANES, RUN_S = 2, 20.0
RESULTS = "results.csv"


class World:
    """Trials in two lanes side by side."""

    def __init__(self, plan: Plan[Trial]) -> None:
        self.seed = plan["seed"]
        self.lanes = [plan["cases"][place::LANES] for place in range(LANES)]
        self.seen: dict[str, Seen] = {}
        self._numbers = {case["id"]: number for number, case in enumerate(plan["cases"], 1)}
        self._writer, self._exhibits = Writer("writer", RUN_S), Exhibits(kept(plan), 3)
        self.routes = self._exhibits.routes
        self._alarms = 0

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self.seen, what)

    def pictures(self) -> Iterable[Picture]:
        """What tools do, and what the records say of it."""
        return pictures.of(sorted(self.seen.values(), key=lambda one: one.number))

    def ledger(self) -> dict[str, int]:
        """How many alarms were compared."""
        return {"alarms": self._alarms}

    async def play(self, lane: Sequence[Trial], on: On) -> None:
        """A lane: its trials in order."""
        for case in lane:
            one = await asyncio.to_thread(made, self.seed, case)
            seen = self.seen[case["id"]] = Seen(self._numbers[case["id"]], one)
            written = await self._writer.write(on, case["id"], parquets(one.tables), collect=[RESULTS])
            seen.document, seen.why = written.document, written.why
            self._exhibits.keep(case["id"], written.document or f"No document: {written.why}")
            if written.word:
                on.tell_rest(case["id"], written.word, written.why)
                continue
            await asyncio.to_thread(self._judge, case, seen, written.files.get(RESULTS))
            self._alarms += len(one.results)
            for aspect, (word, note) in seen.words:
                on.tell(case["id"], aspect, word, note)

    def _judge(self, case: Trial, seen: Seen, data: bytes | None) -> None:
        """All words of a record."""
        one = seen.made
        try:
            seen.handed = judge.results(data, one.tools, one.tables["streams"]["stream"])
        except judge.Malformed as error:
            seen.wrong = str(error)
        tables, other = twins.pair(one, seen.handed, drawn(self.seed, case, "twin"))
        asked = judge.names(one.tools)
        found = seen.found = examine(seen.document, tables, other, asked, words=judge.WORDS, free=judge.FREE)
        mine = measured(one.tools, one.tables["streams"], seen.handed)
        rng = drawn(self.seed, case, "asked")
        rings = judge.drawn_rings(rng, case["asked"]["limits"], one)
        proofs = rng.sample([name for name in asked if name not in judge.FREE], case["asked"]["evidence"])
        deaf = cells.deaf(found, proofs, one, tables)
        malformed = "none" if data is None else "malformed"
        seen.words = [
            ("reproduced", (malformed, seen.wrong) if seen.wrong else judge.reproduced(seen.handed, one)),
            ("figures", judge.figured(found, one.tools, judge.MEASURED, mine)),
            ("health", judge.figured(found, one.tools, judge.HEALTH, healthy(one.tools, one.tables))),
            ("choice", judge.chosen(found, one)),
            *(("limits", judge.limit(found, name, one.figures)) for name in rings),
            *(("evidence", judge.evidence(found, name, deaf)) for name in proofs),
        ]
