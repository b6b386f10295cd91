"""The pricing service: POST /v1/prices, GET /metrics, GET /healthz."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator

import figures
import uvicorn
from models import Models
from quotes import NoPrice, Quotes
from scaler import Scaler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tariff import Tariff

models = Models({"large": os.environ["LARGE"], "small": os.environ["SMALL"]})
quotes = Quotes(models, Tariff(os.environ["POOL"]))
scaler = Scaler(os.environ["POOL"])


async def price(request: Request) -> Response:
    try:
        asked = json.loads(await request.body())
        route, seats = asked["route"], asked["seats"]
    except (ValueError, TypeError, KeyError):
        return JSONResponse({"error": "route and seats are expected"}, 422)
    site, id = request.headers.get("x-site", ""), request.headers.get("x-request-id", "")
    with figures.open_now.track_inprogress():
        try:
            answer, source = await quotes.quote(site, id, route, seats)
            status = 200
        except NoPrice as error:
            answer, source, status = {"error": str(error)}, "none", 503
            figures.log.warning("no price", extra={"site": site, "route": route, "why": str(error)})
    figures.prices.labels(source, str(status)).inc()
    return JSONResponse(answer, status, {"x-served-by": source})


@contextlib.asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    task = asyncio.create_task(scaler.run())
    yield
    task.cancel()


app = Starlette(
    routes=[
        Route("/v1/prices", price, methods=["POST"]),
        Route("/metrics", lambda _: Response(figures.page(), media_type="text/plain")),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
    lifespan=lifespan,
)


if __name__ == "__main__":
    figures.start()
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
