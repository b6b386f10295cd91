"""A world that holds a ticket's trace and the counter against what the partner wrote down."""

from __future__ import annotations

import os
from typing import Any

from casebook.world import Case, On, Plan
from casebook_door.sealed import read
from collector.book import Telemetry


class World:
    """A case is a ticket: right if its one span is around the call that the partner had from it."""

    def __init__(self, plan: Plan[Case], telemetry: Telemetry) -> None:
        self.lanes: list[Any] = [plan["cases"]]
        self._telemetry = telemetry

    async def play(self, lane: list[Any], on: On) -> None:
        for case in lane:
            [call] = await self._telemetry.door.heard(case["id"])
            rows = (await read(os.environ["PARTNERS"], "/ledger/calls?since=0"))["calls"]
            known = {span.id: span for span in self._telemetry.traces.trace(call.answered["x-trace-id"])}
            around = [known[row["span"]] for row in rows if row["span"] in known]
            good = len(around) == 1 and around[0].start - 0.15 <= rows[-1]["begun"] and call.status == 202
            counted = (await self._telemetry.scrapes.now())["desk"].total("tickets_total")
            on.tell(case["id"], "word", "right" if good and counted >= 1 else "wrong", [len(rows), counted])
