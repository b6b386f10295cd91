"""The audience: whoever signs up, comes, is shown a list and clicks; and the kitchen that publishes and withdraws.

Public port: `GET /history`, `POST /events/<ticket>` (what happens next), `POST /events` (the everyday's), `GET
/seen/<ticket>`, `/figures`, `/` (a page), `/recommender/healthz`, `/healthz`. Control port: `POST /plan {"seed"}`,
`POST /rest`, `GET /ledger`.
"""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

from books import ENOUGH, Books
from casebook import client, page
from common.guard import Guard, Refused, answer, read_object
from common.serve import serve
from day import EVENTS, GONE, NEWS, VISITORS, Day, Event
from looks import figures, shown
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router

PATIENCE_S = 1.0  # for a list
LOADS_S = 8.0  # a morning may take
HEALTH_S = 1.0


class Audience:
    """All who come. `recommender` is its base URL."""

    def __init__(self, recommender: str, token: str | None = None) -> None:
        self._to, self._guard = recommender, Guard(token)
        self._planned, self._next, self._visited, self._mornings = False, 0, 0, 0
        self._morning: asyncio.Task[None] | None = None
        self.books = _books(_seed())

    def public(self) -> Router:
        """For the recommender, users, and whoever looks."""
        return Router(
            [
                Route("/history", self._history),
                Route("/events", self._everyday, methods=["POST"]),
                Route("/events/{ticket}", self._event, methods=["POST"]),
                Route("/seen/{ticket}", self._seen),
                Route("/figures", self._figures),
                Route("/", self._page),
                Route("/recommender/healthz", self._health),
                Route("/healthz", self._healthy),
            ]
        )

    def control(self) -> Router:
        """For an exam."""
        return Router(
            [
                Route("/plan", self._guard(self._plan), methods=["POST"]),
                Route("/rest", self._guard(self._rest), methods=["POST"]),
                Route("/ledger", self._guard(self._ledger)),
            ]
        )

    async def _history(self, _: Request) -> Response:
        return answer(self.books.day.town.history)

    async def _event(self, request: Request) -> Response:
        n = self.books.day.numbers.get(request.path_params["ticket"])
        return answer({"error": "nobody comes by this name"}, 404) if n is None else await self._happens(n)

    async def _everyday(self, _: Request) -> Response:
        """Whatever comes next today; after the last of a day there is another day."""
        if self._planned:
            return answer({"error": "today has a plan"}, 409)
        if self._next >= EVENTS:
            self._next = 0
            self._begin(_seed())
        if self._morning is not None:
            await self._morning
        if self._planned or self._next >= EVENTS:
            return answer({"error": "the day is over"}, 409)
        self._next += 1
        return await self._happens(self._next - 1)

    async def _happens(self, n: int) -> Response:
        books = self.books
        event = books.day.events[n]
        if event.recipe is not None:
            return answer(await self._news(books, event))
        visit = await self._visit(books, event)
        self._visited += 1
        return answer({"word": visit, "kind": event.kind})

    async def _news(self, books: Books, event: Event) -> dict[str, Any]:
        assert event.recipe is not None
        if event.what == NEWS:
            books.changed(event)
            reply = await client.ask(self._to, "POST", "/items", event.recipe.known, timeout_s=PATIENCE_S)
        else:
            assert event.what == GONE
            reply = await client.ask(self._to, "DELETE", f"/items/{event.recipe.id}", timeout_s=PATIENCE_S)
            books.changed(event)
        return {"word": event.what, "status": reply.status}

    async def _visit(self, books: Books, event: Event) -> str:
        person = event.person
        assert person is not None
        if event.time == 1:
            await client.ask(self._to, "POST", "/users", person.known, timeout_s=PATIENCE_S)
        asked = time.monotonic()
        reply = await client.ask(self._to, "GET", f"/recommend?user={person.id}", timeout_s=PATIENCE_S)
        error = "" if reply.status == 200 else f"status {reply.status}" if reply.status else reply.error
        visit = books.shown(event, asked, reply.json, error)
        if visit.clicks:
            said = {"user": person.id, "recipes": visit.clicks}
            await client.ask(self._to, "POST", "/clicks", said, timeout_s=PATIENCE_S)
        return visit.word

    async def _seen(self, request: Request) -> Response:
        n = self.books.day.numbers.get(request.path_params["ticket"], -1)
        came, were = self.books.seen(n)
        word = "void" if came < VISITORS else "seen" if were >= ENOUGH else "unseen"
        return answer({"word": word, "visitors": came, "shown": were})

    async def _figures(self, _: Request) -> Response:
        return answer(figures(self.books))

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(shown(self.books), headers=page.POLICY)

    async def _health(self, _: Request) -> Response:
        healthy = (await client.ask(self._to, "GET", "/healthz", timeout_s=HEALTH_S)).status == 200
        return answer({"status": "ok" if healthy else "down"}, 200 if healthy else 503)

    async def _healthy(self, _: Request) -> Response:
        return answer({"status": "ok"})

    async def _plan(self, request: Request) -> dict[str, Any]:
        seed = (await read_object(request))["seed"]
        if type(seed) is not int:
            raise Refused("seed: a number")
        self._planned = True
        self._begin(seed)
        return self._state()

    async def _rest(self, _: Request) -> dict[str, Any]:
        self._planned, self._next = False, EVENTS
        return self._state()

    async def _ledger(self, _: Request) -> dict[str, Any]:
        return self._state()

    def _begin(self, seed: int) -> None:
        """Another day, and the recommender is told."""
        self.books = _books(seed)
        self._morning = asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        reply = await client.ask(self._to, "POST", "/mornings", {}, timeout_s=LOADS_S)
        self._mornings += reply.status == 200

    def _state(self) -> dict[str, Any]:
        return {"visited": self._visited, "seed": self.books.day.seed, "mornings": self._mornings}


def _books(seed: int) -> Books:
    """Of a day that is drawn to its end now: later somebody would have to wait for it."""
    day = Day(seed)
    assert day.events and day.numbers and day.town.history
    return Books(day)


def _seed() -> int:
    return int.from_bytes(os.urandom(4), "big")


if __name__ == "__main__":
    audience = Audience(os.environ["RECOMMENDER"])
    serve({os.environ["LISTEN"]: audience.public(), os.environ["CONTROL"]: audience.control()})
