"""The archive: hands the firms' files to who loads them (the feed), and lets the firms' people in (the front).

Front: `POST /search`, `GET /files/<id>`, `/metrics`, `/api/healthz`, `/figures`, `/` (a page), `/pulse`, `/healthz`.
Control port: `POST /plan {"seed", "kinds"}`, `POST /publish`, `POST /remove {"many"}`, `POST /rest`, `GET /ledger`.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from typing import Any

import httpx
from casebook import page
from common.guard import Guard, answer, read_object
from common.serve import serve
from everyday import TAKEN_OUT, go_by, taken_out
from feed import Feed
from files import Files, kind_of
from passes import reads
from picture import WORDS, drawn, figures
from recent import Recent, Search
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router

ANSWERS_S, THERE_S = 3.0, 0.3
AWAY = 502
"""The front's own word for an api that is not there; an api that says so itself is quoted with 500."""
LONGEST, MOST_KINDS, MOST_TAKEN_OUT = 4096, 4, 20
REFUSED = (401, 403)
HANDED_ON = ("authorization", "content-type")
NOT_YET = "Nobody has searched yet"


class Archive:
    """`api` is the base URL of the candidate's service."""

    def __init__(self, api: str, token: str | None = None) -> None:
        self._guard, self.feed, self.recent = Guard(token), Feed(), Recent()
        limits = httpx.Limits(max_keepalive_connections=0)
        timeout = httpx.Timeout(ANSWERS_S, connect=THERE_S)
        self._api = httpx.AsyncClient(base_url=api, timeout=timeout, limits=limits, trust_env=False)
        self._answered, self._planned = 0, False
        self._everyday: asyncio.Task[None] | None = None

    def front(self) -> Router:
        """For the firms' people, and whoever looks."""
        return Router(
            [
                Route("/search", self._search, methods=["POST"]),
                Route("/files/{id}", self._handed_on),
                Route("/metrics", self._handed_on),
                Route("/api/healthz", self._health),
                Route("/figures", self._figures),
                Route("/", self._page),
                Route("/pulse", self._healthy),
                Route("/healthz", self._healthy),
            ]
        )

    def control(self) -> Router:
        """For an exam, and for buttons."""
        posts = {"/plan": self._plan, "/publish": self._publish, "/remove": self._remove, "/rest": self._rest}
        routes = [Route(path, self._guard(call), methods=["POST"]) for path, call in posts.items()]
        return Router([*routes, Route("/ledger", self._guard(self._ledger))])

    async def _search(self, request: Request) -> Response:
        if self._everyday is None and not self._planned:
            self._everyday = asyncio.get_running_loop().create_task(go_by(self._begin, self._more, self._less))
        body = await request.body()
        if len(body) > LONGEST:
            return answer({"error": f"at most {LONGEST} bytes"}, 413)
        said = await self._ask(request, body)
        tenant = reads(request.headers.get("authorization", ""))
        try:
            given = json.loads(body)
            query, collection = str(given["query"]), str(given.get("collection") or "")
        except (ValueError, KeyError, TypeError, AttributeError):
            return said
        if tenant and self.feed.files is not None and said.status_code not in REFUSED:
            one = Search(time.time(), tenant, query, collection, self.feed.at, said.status_code, bytes(said.body))
            self.recent.searched(one)
        return said

    async def _handed_on(self, request: Request) -> Response:
        return await self._ask(request, None)

    async def _ask(self, request: Request, body: bytes | None) -> Response:
        headers = {name: request.headers[name] for name in HANDED_ON if name in request.headers}
        try:
            reply = await self._api.request(request.method, request.url.path, content=body, headers=headers)
        except (httpx.HTTPError, ValueError) as error:
            late = isinstance(error, httpx.ReadTimeout)
            return answer({"error": f"the api: {type(error).__name__}"}, 504 if late else AWAY)
        self._answered += reply.status_code == 200
        status = 500 if reply.status_code == AWAY else reply.status_code
        return Response(reply.content, status, media_type=reply.headers.get("content-type"))

    async def _figures(self, _: Request) -> Response:
        files = self.feed.files
        if files is None:
            return answer({})
        return answer(await asyncio.to_thread(figures, self.recent.copy(), files, time.time()))

    async def _page(self, _: Request) -> Response:
        files = self.feed.files
        if files is None:
            return HTMLResponse(page.document(NOT_YET, again_s=2), headers=page.POLICY)
        parts = [
            page.picture(await asyncio.to_thread(drawn, self.recent.copy(), files, self.feed.at, time.time())),
            page.heading("The newest searches"),
        ]
        rows = [
            [time.strftime("%H:%M:%S", time.gmtime(one.at)), files.firms.get(one.tenant, one.tenant), one.query]
            + [one.collection, WORDS[one.word(files)], one.body.decode("utf-8", "replace")]
            for one in list(self.recent.searches)[:-31:-1]
        ]
        parts.append(page.table(["time (UTC)", "firm", "searched for", "in", "what it was", "the api's answer"], rows))
        return HTMLResponse(page.document("Who found what in the last minute", *parts, again_s=2), headers=page.POLICY)

    async def _health(self, _: Request) -> Response:
        try:
            healthy = (await self._api.get("/healthz", timeout=1.0)).status_code == 200
        except httpx.HTTPError:
            healthy = False
        return answer({"status": "ok" if healthy else "down"}, 200 if healthy else 503)

    async def _healthy(self, _: Request) -> Response:
        return answer({"status": "ok"})

    async def _plan(self, request: Request) -> dict[str, Any]:
        given = await read_object(request)
        kinds = [kind_of(each) for each in given["kinds"]][:MOST_KINDS]
        self._planned = True
        if self._everyday is not None:
            self._everyday.cancel()
            self._everyday = None
        await self._begin(await asyncio.to_thread(Files, int(given["seed"]), kinds))
        return self._state()

    async def _begin(self, files: Files) -> None:
        await self.feed.plan(files)
        self.recent.forget()
        self._note()

    async def _publish(self, _: Request) -> dict[str, Any]:
        self._more()
        return self._state()

    async def _remove(self, request: Request) -> dict[str, Any]:
        self._less(int((await read_object(request)).get("many", TAKEN_OUT)))
        return self._state()

    def _more(self) -> None:
        """The next edition is published, if there is one."""
        if self.feed.publish():
            self._note()

    def _less(self, many: int = TAKEN_OUT) -> None:
        """So many files are taken out."""
        if self.feed.files is not None and 0 < many <= MOST_TAKEN_OUT:
            self.feed.remove(taken_out(self.feed.files, self.feed.at, many))

    def _note(self) -> None:
        assert self.feed.files is not None
        kind = self.feed.files.editions[self.feed.at].kind
        self.recent.published.append((time.time(), f"{kind.rows}, {kind.model}"))

    async def _rest(self, _: Request) -> dict[str, Any]:
        self._planned = False
        return self._state()

    async def _ledger(self, _: Request) -> dict[str, Any]:
        return self._state()

    def _state(self) -> dict[str, Any]:
        seed = self.feed.files.seed if self.feed.files is not None else 0
        return {"answered": self._answered, "seed": seed, **self.feed.state()}


if __name__ == "__main__":
    archive = Archive(os.environ["API"])
    ports = {"FEED": archive.feed.public(), "FRONT": archive.front(), "CONTROL": archive.control()}
    serve({os.environ[name]: application for name, application in ports.items()})
