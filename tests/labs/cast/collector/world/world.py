"""A world that tells how many spans the trace has that an answer named, and shows what was sent."""

from __future__ import annotations

from typing import Any

from casebook.world import Call, Case, On, Plan
from collector.book import Telemetry


class World:
    """A case is closed when a call about it is over."""

    def __init__(self, plan: Plan[Case], telemetry: Telemetry) -> None:
        self.lanes: list[Any] = [[case] for case in plan["cases"]]
        self.routes = {
            "GET /seen/trace/{id}": self.trace,
            "GET /seen/lines": self.lines,
            "GET /seen/scrapes/{name}": self.scrapes,
            "GET /seen/now": self.now,
        }
        self._telemetry = telemetry

    def trace(self, call: Call) -> Any:
        names = ("id", "parent", "service", "name", "kind", "failed", "attributes", "links", "seconds")
        spans = self._telemetry.traces.trace(call.path["id"])
        return [{name: getattr(span, name) for name in names} | {"age": span.came - span.end} for span in spans]

    def lines(self, call: Call) -> Any:
        return [line.fields for line in self._telemetry.lines.where(**call.query)]

    def scrapes(self, call: Call) -> Any:
        kept = self._telemetry.scrapes.history(call.path["name"])
        total = [scrape.total("tickets_total", **call.query) for scrape in kept]
        return {"words": [scrape.word for scrape in kept], "total": total, "error": kept[-1].error if kept else ""}

    async def now(self, call: Call) -> Any:
        return {name: scrape.word for name, scrape in (await self._telemetry.scrapes.now()).items()}

    async def play(self, lane: list[Any], on: On) -> None:
        for case in lane:
            [call] = await self._telemetry.door.heard(case["id"])
            on.tell(case["id"], "word", "right", len(self._telemetry.traces.trace(call.answered["x-trace-id"])))
