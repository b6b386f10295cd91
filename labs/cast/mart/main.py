"""The data mart: source, registry, pager and push gateway on one port; on another it is told what to hold.

Environment: LISTEN and CONTROL (host:port), PLAN (a JSON file, held from the start), RUNNER (URL of the pipeline's
runner), RUN_S (longest run, seconds), BROWNOUT_TOKEN. README.md has both APIs.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from board import page
from books import Refused
from common.serve import serve
from markets import BadPlan, parse
from runs import Runner
from season import Absent, Season, Unavailable
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

MAX_BODY = 1 << 18
MAX_PLAN = 4 << 20
Handler = Callable[[Request], Awaitable[Response]]


class Mart:
    """The season that is on, and who may change it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._token = environment.get("BROWNOUT_TOKEN", "")
        self._runner = Runner(environment["RUNNER"], float(environment.get("RUN_S", "10")))
        self.lap = 0
        self._posted = False
        self._held = asyncio.Condition()
        self._take(Path(environment["PLAN"]).read_bytes())

    def _take(self, raw: bytes) -> None:
        self.season = Season(parse(json.loads(raw)), self._runner.run)
        self._raw = raw

    async def hold(self, raw: bytes) -> None:
        """Hold another plan from now on."""
        old = self.season
        self._take(raw)
        self._posted = True
        old.stop()
        async with self._held:
            self._held.notify_all()

    async def known(self, market: str) -> None:
        """Wait until a market is held: the questions of a trial may come before its plan."""
        async with self._held:
            await self._held.wait_for(lambda: market in self.season.plan.markets)

    def again(self, lap: int) -> None:
        """Play the season of the start anew for the next lap, once the one before is over."""
        if not self._posted and lap == self.lap + 1 and self.season.over:
            self.lap = lap
            self._take(self._raw)

    @property
    def digest(self) -> str:
        """SHA-256 of the plan as it was posted."""
        return hashlib.sha256(self._raw).hexdigest()

    def public(self) -> Starlette:
        """Everything that the pipeline and its consumers use."""
        return Starlette(
            routes=[
                Route("/source/contracts", _told(lambda _: self.season.contracts())),
                Route("/source/{market}/{day}", _told(self._batch)),
                Route("/audits/{day}", _told(lambda request: self.season.audits(request.path_params["day"]))),
                Route("/registry/features", _told(lambda _: self.season.books.listing())),
                Route("/registry/features", self._entered("publish"), methods=["POST"]),
                Route("/registry/models", _told(lambda _: self.season.books.live())),
                Route("/registry/models", self._entered("release"), methods=["POST"]),
                Route("/pages", _told(lambda _: self.season.books.pages)),
                Route("/pages", self._entered("page"), methods=["POST"]),
                Route("/metrics/{group:path}", self._pushed, methods=["PUT", "POST"]),
                Route("/desk/{market}", self._desk),
                Route("/pipeline/healthz", self._pipeline),
                Route("/healthz", _told(lambda _: {"status": "ok"})),
                Route("/", self._board),
            ]
        )

    def control(self) -> Starlette:
        """The exam's port."""
        return Starlette(
            routes=[
                Route("/plan", self._guarded(self._plan), methods=["POST"]),
                Route("/ledger", self._guarded(self._ledger)),
            ]
        )

    def _batch(self, request: Request) -> Any:
        return self.season.batch(request.path_params["market"], request.path_params["day"])

    def _entered(self, how: str) -> Handler:
        async def enter(request: Request) -> Response:
            try:
                said = json.loads(await _body(request, MAX_BODY))
                if not isinstance(said, dict):
                    raise Refused("an object is expected")
                return JSONResponse(getattr(self.season.books, how)(said), 201)
            except (ValueError, RecursionError) as error:
                return JSONResponse({"error": str(error)[:200]}, 422)

        return enter

    async def _pushed(self, request: Request) -> Response:
        try:
            text = (await _body(request, MAX_BODY)).decode("utf-8")
            self.season.books.report(request.path_params["group"][:200], text)
        except ValueError as error:
            return JSONResponse({"error": str(error)[:200]}, 400)
        return Response(status_code=200)

    async def _desk(self, request: Request) -> Response:
        market, asked = request.path_params["market"], request.query_params
        try:
            after, lap = int(asked.get("after", "0")), int(asked.get("lap", "0"))
            await self.known(market)
            self.again(lap)
            return Response(await self.season.ask(market, after), media_type="application/json")
        except (ValueError, Absent) as error:
            return JSONResponse({"error": str(error)}, 404)

    async def _pipeline(self, _: Request) -> Response:
        """Whether the runner takes runs; it is on no network that is reached from outside."""
        healthy = await self._runner.healthy()
        return JSONResponse({"status": "ok" if healthy else "down"}, 200 if healthy else 503)

    async def _board(self, _: Request) -> Response:
        return HTMLResponse(page(self.season), headers={"content-security-policy": "default-src 'none'"})

    async def _plan(self, request: Request) -> Response:
        try:
            await self.hold(await _body(request, MAX_PLAN))
        except BadPlan as error:
            return JSONResponse({"error": str(error)}, 422)
        except ValueError as error:
            return JSONResponse({"error": f"no plan: {error}"}, 422)
        return JSONResponse({"plan": self.digest})

    async def _ledger(self, _: Request) -> Response:
        season = self.season
        return JSONResponse({"plan": self.digest, "closed": season.closed, "runs": season.runs})

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not self._token or not hmac.compare_digest(given.encode(), self._token.encode()):
                return JSONResponse({"error": "needs the deployment's token"}, 401)
            return await handler(request)

        return guarded


def _told(what: Callable[[Request], Any]) -> Handler:
    async def tell(request: Request) -> Response:
        try:
            return JSONResponse(what(request))
        except Absent as error:
            return JSONResponse({"error": str(error)}, 404)
        except Unavailable as error:
            return JSONResponse({"error": str(error)}, 503)

    return tell


async def _body(request: Request, most: int) -> bytes:
    whole = b""
    async for part in request.stream():
        whole += part
        if len(whole) > most:
            raise Refused(f"at most {most} bytes")
    return whole


def main() -> None:
    """Run both ports until a signal."""
    mart = Mart(os.environ)
    serve({os.environ["LISTEN"]: mart.public(), os.environ["CONTROL"]: mart.control()})


if __name__ == "__main__":
    main()
