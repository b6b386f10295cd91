"""The desk: takes questions of customers, asks the router for an index, and answers from that one.

Public port: `GET /ask?customer=NAME`, `/indexes`, `/` (a page), `/healthz`, `/router/healthz`. Control port:
`POST /night {"seed"}`, `POST /rebuild`, `GET /ledger`.
"""

from __future__ import annotations

import os
from urllib.parse import urlencode

import maps
from casebook import client
from common.guard import Guard, answer, read_object
from common.serve import serve
from indexes import Indexes
from page import POLICY, document
from recent import Recent
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router

ROUTER_S = 3.0
"""How long the router may take; the only clock of this lab."""
HEALTH_S = 2.0
LONGEST = 40


class Desk:
    """The indexes, and what became of questions. `router`: its base URL."""

    def __init__(self, router: str, token: str | None = None) -> None:
        self._router = router
        self._guard = Guard(token)
        self._recent = Recent()
        self.indexes = Indexes()
        self.told = 0

    def public(self) -> Router:
        """For users, the router, and whoever looks."""
        return Router(
            [
                Route("/ask", self._ask),
                Route("/indexes", self._indexes),
                Route("/", self._page),
                Route("/router/healthz", self._health),
                Route("/healthz", self._healthy),
            ]
        )

    def control(self) -> Router:
        """For an exam."""
        return Router(
            [
                Route("/night", self._guard(self._night), methods=["POST"]),
                Route("/rebuild", self._guard(self._rebuild), methods=["POST"]),
                Route("/ledger", self._guard(self._ledger)),
            ]
        )

    async def _ask(self, request: Request) -> Response:
        customer = request.query_params.get("customer", "")
        if customer[:1] not in set(maps.LETTERS) or len(customer) > LONGEST:
            return answer({"error": "customer: a name that begins with a letter from A to Z"}, 422)
        question = request.headers.get("x-request-id", "-")[:LONGEST]
        path = "/index?" + urlencode({"customer": customer, "id": question})
        reply = await client.ask(self._router, "GET", path, timeout_s=ROUTER_S)
        index = reply.json.get("index") if reply.status == 200 and isinstance(reply.json, dict) else None
        if index not in maps.NAMES:
            why = reply.error or f"status {reply.status}, {reply.body[:200].decode('utf-8', 'replace')}"
            return self._failed(customer, question, why)
        return self._answered(customer, question, index)

    def _failed(self, customer: str, question: str, why: str) -> Response:
        self._recent.add(customer, question, "error", f"no index from the router: {why}")
        return answer({"error": "please try again later"}, 502)

    def _answered(self, customer: str, question: str, index: str) -> Response:
        found = self.indexes.holds(index, customer[0])
        self._recent.add(customer, question, "fine" if found else "nothing", f"was looked for in {index}")
        text = f"This is what {customer}'s manuals say." if found else f"I have nothing about {customer}."
        self.told += 1
        made = answer({"customer": customer, "found": found, "answer": text})
        made.headers["x-served-by"] = index
        return made

    async def _indexes(self, _: Request) -> Response:
        return answer(maps.told(self.indexes.now()))

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(document(self.indexes, self._recent), headers=POLICY)

    async def _health(self, _: Request) -> Response:
        healthy = (await client.ask(self._router, "GET", "/healthz", timeout_s=HEALTH_S)).status == 200
        return answer({"status": "ok" if healthy else "down"}, 200 if healthy else 503)

    async def _healthy(self, _: Request) -> Response:
        return answer({"status": "ok"})

    async def _night(self, request: Request) -> dict[str, object]:
        self.indexes.begin(int((await read_object(request))["seed"]))
        return self._state()

    async def _rebuild(self, _: Request) -> dict[str, object]:
        self.indexes.rebuild()
        return self._state()

    async def _ledger(self, _: Request) -> dict[str, object]:
        return self._state()

    def _state(self) -> dict[str, object]:
        return {"told": self.told, "night": self.indexes.night, "rebuilds": self.indexes.rebuilds}


if __name__ == "__main__":
    desk = Desk(os.environ["ROUTER"])
    serve({os.environ["LISTEN"]: desk.public(), os.environ["CONTROL"]: desk.control()})
