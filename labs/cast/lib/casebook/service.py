"""The two ports of a casebook: which season is on, who waits for what of it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from common.guard import Guard, answer, read_body
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router

from casebook import client, page, shown
from casebook.book import Outcome
from casebook.calls import Absent
from casebook.plan import BadPlan
from casebook.season import Season
from casebook.world import MakeWorld

PULSE_S, HEALTH_S, REFRESH_S = 0.01, 2.0, 3
FOR_A_PLAN_S = 60.0
"""How long a question waits for the plan that knows it: those of an exam may come before its plan."""


class Casebook:
    """The season that is on: the public one, again and again, until a plan is posted.

    Raises:
        BadPlan: the public plan makes no sense.
    """

    def __init__(
        self, public: Path, make_world: MakeWorld, services: Mapping[str, str], token: str | None = None
    ) -> None:
        self._make_world = make_world
        self._services = dict(services)
        self._guard = Guard(token)
        self._posted = asyncio.Event()
        self._lap = self._asked = self._told = 0
        self._pictures = shown.Pictures()
        self._raw = public.read_bytes()
        self.season = self._made(self._raw, lap=0)
        self.season.make()

    def public(self) -> Router:
        """Questions, pages, health, and whatever routes the world has."""
        routes = [
            Route("/outcomes/{ticket}", self._outcome),
            Route("/services/{name}/healthz", self._health),
            Route("/healthz", self._healthy),
            Route("/pulse", self._pulse),
            Route("/lap", self._lap_told),
            Route("/pictures", self._drawn),
            Route("/", self._page),
            Route("/pages/{what:path}", self._page),
        ]
        return Router(routes, default=self._world)

    def control(self) -> Router:
        """The exam's port."""
        return Router(
            [Route("/plan", self._guard(self._plan), methods=["POST"]), Route("/ledger", self._guard(self._ledger))]
        )

    async def _outcome(self, request: Request) -> Response:
        self._asked += 1
        try:
            lap = int(request.query_params.get("lap", "0"))
            word, note = await self._word(request.path_params["ticket"], lap)
        except (ValueError, Absent) as error:
            return answer({"error": str(error)}, 404)
        self._told += 1
        return answer({"answer": word, "note": note})

    async def _word(self, ticket: str, lap: int) -> tuple[str, str]:
        outcome = await self._found(ticket, lap)
        if self._posted.is_set() and lap:
            return "void", "an exam is played once"
        await outcome.told.wait()
        return outcome.word, outcome.note

    async def _found(self, ticket: str, lap: int) -> Outcome:
        """The outcome of a ticket, in a season that is being played."""
        if ticket not in self.season.book.outcomes and not self._posted.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._posted.wait(), FOR_A_PLAN_S)
        while lap > self._lap and not self._posted.is_set():
            season = self.season
            if season.begun:
                await season.ended.wait()
            if season is self.season:
                self._pictures.of(season, self._lap)  # they stay until the next lap has its own
                self.season, self._lap = self._made(self._raw, lap), lap
        if ticket not in self.season.book.outcomes:
            raise Absent("there is no such ticket")
        self.season.begin()
        return self.season.book.outcomes[ticket]

    def _made(self, raw: bytes, lap: int) -> Season:
        plan = json.loads(raw)
        if not isinstance(plan, dict):
            raise BadPlan("a plan is a JSON object")
        return Season(plan, self._make_world, self._services, lap)

    async def _health(self, request: Request) -> Response:
        """Of a service that nobody reaches from outside."""
        base = self._services.get(request.path_params["name"])
        if base is None:
            return answer({"error": "there is no such service"}, 404)
        healthy = (await client.ask(base, "GET", "/healthz", timeout_s=HEALTH_S)).status == 200
        return answer({"status": "ok" if healthy else "down"}, 200 if healthy else 503)

    async def _healthy(self, _: Request) -> Response:
        return answer({"status": "ok"})

    async def _pulse(self, _: Request) -> Response:
        await asyncio.sleep(PULSE_S)
        return answer({"status": "ok"})

    async def _page(self, request: Request) -> Response:
        """The public season's; an exam's cases are nobody's to see, since later ones could be learnt from them."""
        what = request.path_params.get("what", "")
        if self._posted.is_set():
            return HTMLResponse(page.document("An exam is on", page.text_of("Its cases are not shown.")))
        season = self.season
        parts = season.pages(what)
        if what:
            whole = page.document(what, *parts) if parts else ""
            return HTMLResponse(whole or "no such page", 200 if whole else 404, headers=page.POLICY)
        book = season.book
        state = season.broken or ("over" if season.over else f"{book.closed} of {book.cases} cases closed")
        title = f"Public season, lap {self._lap + 1}, {season.ago}: {state}"
        pictures = [page.figure(each["title"], each["svg"]) for each in self._pictures.of(season, self._lap)]
        told = [page.heading("Objectives"), page.tally(book.outcomes.values()), *parts, page.outcomes_of(book.order)]
        first = page.text_of("Each lap asks your code again; after an edit, wait for the next.")
        return HTMLResponse(page.document(title, first, *pictures, *told, again_s=REFRESH_S), headers=page.POLICY)

    async def _lap_told(self, _: Request) -> Response:
        return self._in_public(lambda: shown.lap(self.season, self._lap))

    async def _drawn(self, _: Request) -> Response:
        return self._in_public(lambda: self._pictures.of(self.season, self._lap))

    def _in_public(self, made: Callable[[], Any]) -> Response:
        """What is made for a live page; an exam's cases are nobody's to see."""
        if self._posted.is_set():
            return answer({"error": "an exam is on: its cases are not shown"}, 404)
        return answer(made())

    async def _world(self, scope: Any, receive: Any, send: Any) -> None:
        await self.season.routes(scope, receive, send)

    async def _plan(self, request: Request) -> Any:
        raw = await read_body(request)
        season = self._made(raw, lap=0)
        self.season.stop()
        self.season, self._raw, self._lap = season, raw, 0
        self._asked = self._told = 0
        self._posted.set()
        season.begin()
        return {"plan": self._digest}

    async def _ledger(self, _: Request) -> Any:
        season = self.season
        own: dict[str, Any] = getattr(season.world, "ledger", dict)()
        counts = {"asked": self._asked, "told": self._told, "closed": season.book.closed, "calls": season.calls}
        return {"plan": self._digest, **counts, "over": season.over, "broken": season.broken, **own}

    @property
    def _digest(self) -> str:
        """SHA-256 of the plan as it was posted."""
        return hashlib.sha256(self._raw).hexdigest()
