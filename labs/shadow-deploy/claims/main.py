"""The claims api: POST /v1/claims, GET /comparison, GET /metrics, GET /healthz."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator

import figures
import uvicorn
from comparison import Comparison
from desired import Desired
from models import Models
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from trial import Trial

models = Models()
desired = Desired(os.environ["POOL"])
comparison = Comparison(os.environ["POOL"])
trial = Trial(desired, comparison)


async def claims(request: Request) -> Response:
    try:
        items = json.loads(await request.body())["items"]
        ids = [item["id"] for item in items]
    except (ValueError, TypeError, KeyError):
        return JSONResponse({"error": "items are expected, each with an id"}, 422)
    live, shadow = desired.live, desired.shadow
    calls = [models.decide(live, items)]
    if shadow:
        calls.append(models.decide(shadow, items))
    found = await asyncio.gather(*calls, return_exceptions=True)
    for version, answer in zip((live, shadow), found, strict=False):
        trial.count(version, failed=isinstance(answer, BaseException))
    if isinstance(found[0], BaseException):
        return JSONResponse({"error": str(found[0])}, 503)
    if shadow and not isinstance(found[1], BaseException):
        comparison.predicted(items, {live: found[0], shadow: found[1]})
    figures.claims.labels(live).inc(len(ids))
    rows = [{"id": id, **answer} for id, answer in zip(ids, found[0], strict=True)]
    return JSONResponse({"items": rows}, headers={"x-served-by": live})


@contextlib.asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    await desired.refresh()
    tasks = [asyncio.create_task(each.follow()) for each in (desired, comparison, trial)]
    yield
    for task in tasks:
        task.cancel()


app = Starlette(
    routes=[
        Route("/v1/claims", claims, methods=["POST"]),
        Route("/comparison", lambda _: HTMLResponse(comparison.page())),
        Route("/metrics", lambda _: Response(figures.page(), media_type="text/plain")),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
    lifespan=lifespan,
)


if __name__ == "__main__":
    figures.start()
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
