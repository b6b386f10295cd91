"""The router: POST /v1/ask, GET /metrics, GET /healthz."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator

import figures
import uvicorn
from models import Failed, Models
from policies import Policies
from quality import Quality
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

models = Models()
policies = Policies(os.environ["POOL"])
quality = Quality(os.environ["POOL"])


async def ask(request: Request) -> Response:
    try:
        body = json.loads(await request.body())
        ticket, text = str(body["ticket"]), str(body["text"])
    except (ValueError, TypeError, KeyError):
        return JSONResponse({"error": "ticket and text are expected"}, 422)
    model = policies.choice(text, quality.poor())
    figures.decided(ticket, policies.version, model)
    try:
        answer = await models.ask(model, ticket, text)
    except Failed as error:
        figures.log.warning("failed", extra={"more": {"ticket": ticket, "model": model, "why": str(error)}})
        return JSONResponse({"error": str(error)}, 503)
    figures.answers.labels(model).inc()
    return JSONResponse(answer, headers={"x-served-by": model})


@contextlib.asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    await policies.refresh()
    tasks = [asyncio.create_task(policies.follow()), asyncio.create_task(quality.follow())]
    yield
    for task in tasks:
        task.cancel()


app = Starlette(
    routes=[
        Route("/v1/ask", ask, methods=["POST"]),
        Route("/metrics", lambda _: Response(figures.page(), media_type="text/plain")),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
    lifespan=lifespan,
)


if __name__ == "__main__":
    figures.start()
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
