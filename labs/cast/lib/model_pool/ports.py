"""The ports of a pool: one for each model, one for none, and the exam's."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

from call_faults.vocabulary import parse
from call_faults.wire import Exchange
from casebook.calls import router
from common.guard import Guard, Refused, answer, read_body
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from model_pool import metrics, work
from model_pool.pool import Pool, Served
from model_pool.scale import PATH, Scale

PULSE_S = 0.01
LONGEST_S = 120.0
MAX_PLAN = 1 << 20


class Public:
    """What any port has: figures, Scale, the plug-in's pages. Called by the server.

    Args:
        pool: behind it.
        served: the model whose port it is; None: no model's.
        guard: knows the token, which a probe has.
    """

    def __init__(self, pool: Pool, scale: Scale, guard: Guard, served: Served | None = None) -> None:
        self._pool, self._served, self._guard = pool, served, guard
        self._pages = router(pool.plugin.pages())
        self._pages.routes += [
            Route("/healthz", self._health),
            Route("/pulse", self._pulse),
            Route("/stats", self._stats),
            Route("/metrics", self._metrics),
            Route(PATH, scale.handle, methods=["GET", "PUT", "PATCH"]),
        ]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """A request."""
        endpoint = scope["path"].removeprefix("/v1/")
        if (
            self._served is None
            or endpoint not in work.ENDPOINTS
            or scope["method"] != "POST"
            or not self._has(endpoint)
        ):
            await self._pages(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send)
        probe = self._guard.knows(exchange.header(b"x-probe", 200))
        await work.Work(self._pool, self._served, endpoint, exchange, probe=probe)()

    def _has(self, endpoint: str) -> bool:
        assert self._served is not None
        return endpoint == "score" or self._served.model.batch_s > 0

    async def _health(self, request: Request) -> Response:
        return answer({"status": "ok"})

    async def _pulse(self, request: Request) -> Response:
        await asyncio.sleep(PULSE_S)
        return answer({"status": "ok"})

    async def _metrics(self, request: Request) -> Response:
        return Response(metrics.page(self._pool), media_type=metrics.KIND)

    async def _stats(self, request: Request) -> Response:
        try:
            seconds = float(request.query_params.get("seconds", "1"))
        except ValueError:
            seconds = 0.0
        if not 0 < seconds <= LONGEST_S:
            return answer({"error": f"seconds must be a number above 0, at most {LONGEST_S:g}"}, 422)
        return answer(self._pool.stats(seconds))


def control(pool: Pool, guard: Guard) -> Router:
    """The exam's port: /faults, /plan, /clock, /versions, /ledger, and the plug-in's own."""

    async def faults(request: Request) -> Any:
        if request.method == "POST":
            pool.faults.active = parse(await _object(request), work.KINDS, pool.plugin.words)
        return pool.faults.shown()

    async def plan(request: Request) -> Any:
        raw = await read_body(request, MAX_PLAN)
        pool.plan(_parsed(raw), hashlib.sha256(raw).hexdigest())
        return {"plan": pool.planned}

    async def clock(request: Request) -> Any:
        if request.method == "POST":
            pool.clock.set(await _object(request))
        return pool.clock.shown()

    async def versions(request: Request) -> Any:
        return pool.release(await _object(request)) if request.method == "POST" else pool.versions()

    async def ledger(request: Request) -> Any:
        seen = {"touched": dict(pool.faults.touched), "probes": dict(pool.faults.probes)}
        told = {"plan": pool.planned, "versions": pool.versions(), "nights": pool.clock.nights}
        return {**pool.books.summary(), **seen, **told, **pool.plugin.ledger()}

    async def calls(request: Request) -> Any:
        since = request.query_params.get("since", "0")
        if not (since.isascii() and since.isdecimal()) or len(since) > 15:
            raise Refused("since must be a whole number, a seq of the ledger")
        return pool.books.page(int(since))

    both, read = ["GET", "POST"], ["GET"]
    made = {
        "/faults": (faults, both),
        "/plan": (plan, ["POST"]),
        "/clock": (clock, both),
        "/versions": (versions, both),
        "/ledger": (ledger, read),
        "/ledger/calls": (calls, read),
    }
    routes = [Route(path, guard(handler), methods=methods) for path, (handler, methods) in made.items()]
    own = router(pool.plugin.controls())
    return Router([*routes, *(_guarded(guard, route) for route in own.routes)])


def _guarded(guard: Guard, route: Any) -> Route:
    """A route of the plug-in's behind the token; it takes care of its own errors."""
    return Route(route.path, guard(route.endpoint), methods=list(route.methods))


async def _object(request: Request) -> dict[str, Any]:
    return _parsed(await read_body(request, MAX_PLAN))


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refused(f"no JSON: {error}") from None
    if not isinstance(found, dict):
        raise Refused("a JSON object is expected")
    return found
