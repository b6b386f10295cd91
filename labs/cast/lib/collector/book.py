"""A casebook with a door, whose world also has the telemetry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from call_faults.wire import Exchange
from casebook.world import World
from casebook_door.book import Doored
from casebook_door.door import Door
from casebook_door.rules import Rule
from common.guard import answer, read_object
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from collector.intake import Behaved, Intake
from collector.lines import Lines
from collector.pages import SECURITY, Pages
from collector.scrapes import Scrapes
from collector.spans import Traces


@dataclass(frozen=True)
class Telemetry:
    """What a world is given.

    Attributes:
        door: who came in, in this season.
        traces, lines, scrapes: what was sent, and seen, since the process began.
        behaved: how exports were met.
    """

    door: Door
    traces: Traces
    lines: Lines
    scrapes: Scrapes
    behaved: Sequence[Behaved]


MakeWorld = Callable[[Any, Telemetry], World[Any]]
"""A lab's class `World`, which is given the plan and the telemetry."""


class Collecting(Doored):
    """A casebook with a door and an intake. `intake`: what telemetry is sent to."""

    def __init__(
        self,
        public: Path,
        make_world: MakeWorld,
        services: Mapping[str, str],
        rules: Sequence[Rule],
        targets: Mapping[str, str],
        token: str | None = None,
    ) -> None:
        self.intake = Intake(Scrapes(targets))
        kept = self.intake

        def made(plan: Any, door: Door) -> World[Any]:
            return make_world(plan, Telemetry(door, kept.traces, kept.lines, kept.scrapes, kept.behaved))

        super().__init__(public, made, services, rules, token)

    def public(self) -> Router:
        """As with a door, and the bill as JSON, for an exam's probes: they send no token."""
        router = super().public()
        router.routes.append(Route("/telemetry/bill", self._billed))
        return router

    def control(self) -> Router:
        """The exam's port, with a route more."""
        router = super().control()
        router.routes.append(Route("/behave", self._guard(self._behave), methods=["GET", "POST"]))
        return router

    def otlp(self) -> Any:
        """The port that telemetry is sent to, with pages for people. An application."""
        pages = Pages(self.intake)

        async def application(scope: Any, receive: Any, send: Any) -> None:
            self.intake.scrapes.begin()
            if scope["method"] == "POST" and self.intake.takes(scope["path"]):
                await self.intake.take(scope["path"], Exchange(scope, receive, send))
                return
            await _page(pages, Request(scope))(scope, receive, send)

        return application

    async def _healthy(self, request: Request) -> Response:
        self.intake.scrapes.begin()
        return await super()._healthy(request)

    async def _billed(self, _: Request) -> Response:
        return answer(self.intake.billed())

    async def _behave(self, request: Request) -> Any:
        if request.method == "POST":
            return self.intake.behave(await read_object(request))
        return self.intake.shown()

    async def _ledger(self, request: Request) -> Any:
        return await super()._ledger(request) | {"telemetry": self.intake.ledger()}


def _page(pages: Pages, request: Request) -> Response:
    if request.url.path == "/healthz":
        return answer({"status": "ok"})
    found = pages.page(request.url.path, request.query_params) if request.method == "GET" else None
    if found is None:
        return answer({"error": "there is no such page"}, 404)
    return Response(found, headers=SECURITY, media_type="text/html; charset=utf-8")
