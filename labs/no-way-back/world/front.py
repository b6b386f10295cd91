"""The front: landlords, the release pipeline and the tenants' court come in here. It remembers which id is whose.

Public port: `POST /v1/rents`, `GET /audit/<k>/record`, `/audit/<k>/table`, `/audit/<k>/parts/<name>` (what the api says
of the k-th release), `/figures`, `/` (a page), `/rents/healthz`, `/healthz`. Control port:
`POST /plan {"seed", "before"}`, `POST /act {"do", "k"}`, `POST /rest`, `GET /ledger`.
"""

from __future__ import annotations

import os
import time
from typing import Any

from casebook import client, page
from common.guard import Guard, answer, read_object
from common.serve import serve
from picture import drawn, figures
from pipeline import Pipeline
from recent import Recent
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router

ANSWERS_S = 3.0
HEALTH_S = 1.0
LONGEST = 2000


class Front:
    """The way in. `api` and `foundry` are base URLs, the foundry's of its control port."""

    def __init__(self, api: str, foundry: str, token: str | None = None) -> None:
        self._api, self._guard = api, Guard(token)
        self.recent = Recent()
        self.pipeline = Pipeline(api, foundry, self.recent)
        self._answered = 0

    def public(self) -> Router:
        """For users, and whoever looks."""
        return Router(
            [
                Route("/v1/rents", self._rent, methods=["POST"]),
                Route("/audit/{k:int}/{what:path}", self._audit),
                Route("/figures", self._figures),
                Route("/", self._page),
                Route("/rents/healthz", self._health),
                Route("/healthz", self._healthy),
            ]
        )

    def control(self) -> Router:
        """For an exam, and for buttons."""
        return Router(
            [
                Route("/plan", self._guard(self._plan), methods=["POST"]),
                Route("/act", self._guard(self._act), methods=["POST"]),
                Route("/rest", self._guard(self._rest), methods=["POST"]),
                Route("/ledger", self._guard(self._ledger)),
            ]
        )

    async def _rent(self, request: Request) -> Response:
        self.pipeline.begin()
        given = await read_object(request, LONGEST)
        reply = await client.ask(self._api, "POST", "/v1/rents", given, timeout_s=ANSWERS_S)
        if reply.status != 200:
            return answer({"error": f"the api: {reply.error or reply.status}"}, 502)
        said = reply.json if isinstance(reply.json, dict) else {}
        self.recent.answered(time.time(), given.get("flat"), said)
        self._answered += 1
        whose = " ".join(f"r{k}" for k in self.pipeline.whose(said.get("release")))
        return Response(reply.body, media_type="application/json", headers={"x-served-by": whose or "unknown"})

    async def _audit(self, request: Request) -> Response:
        release = self.pipeline.ids.get(request.path_params["k"])
        if release is None:
            return answer({"error": "there is no such release"}, 404)
        what = request.path_params["what"]
        path = f"/releases/{release}" + ("" if what == "record" else f"/{what}")
        reply = await client.ask(self._api, "GET", path, timeout_s=ANSWERS_S)
        if reply.status != 200:
            return answer({"error": f"the api: {reply.status or reply.error}"}, 502)
        return Response(reply.body)

    async def _figures(self, _: Request) -> Response:
        return answer(figures(self.recent, self.pipeline.days, time.time()))

    async def _page(self, _: Request) -> Response:
        parts = [page.picture(drawn(self.recent, self.pipeline.days, time.time()))]
        rows = [[act["time"], act["what"], act["release"], act["said"]] for act in self.pipeline.told()]
        parts += [page.heading("What the pipeline did"), page.table(["time (UTC)", "what", "id", "the api"], rows)]
        return HTMLResponse(page.document("Who answered in the last minute", *parts, again_s=2), headers=page.POLICY)

    async def _health(self, _: Request) -> Response:
        healthy = (await client.ask(self._api, "GET", "/healthz", timeout_s=HEALTH_S)).status == 200
        return answer({"status": "ok" if healthy else "down"}, 200 if healthy else 503)

    async def _healthy(self, _: Request) -> Response:
        return answer({"status": "ok"})

    async def _plan(self, request: Request) -> dict[str, Any]:
        given = await read_object(request)
        self.pipeline.plan(int(given["seed"]), int(given.get("before", 0)))
        return self._state()

    async def _act(self, request: Request) -> dict[str, Any]:
        given = await read_object(request)
        self.pipeline.act(str(given["do"]), int(given.get("k", 0)))
        return self._state()

    async def _rest(self, _: Request) -> dict[str, Any]:
        self.pipeline.rest()
        return self._state()

    async def _ledger(self, _: Request) -> dict[str, Any]:
        return self._state()

    def _state(self) -> dict[str, Any]:
        return {"answered": self._answered, "seed": self.pipeline.days.seed, **self.pipeline.state()}


if __name__ == "__main__":
    front = Front(os.environ["API"], os.environ["FOUNDRY_CONTROL"])
    serve({os.environ["LISTEN"]: front.public(), os.environ["CONTROL"]: front.control()})
