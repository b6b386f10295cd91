"""The guard: POST /readings, POST /batches, GET /healthz. It stands between the suppliers and the model."""

from __future__ import annotations

import os

import uvicorn
from batches import Batches
from exchange import Exchange
from readings import BadReading, Readings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

exchange = Exchange(os.environ["EXCHANGE"])
readings = Readings(exchange)
batches = Batches(exchange)


async def reading(request: Request) -> JSONResponse:
    """Grade a reading, or refuse it."""
    try:
        return JSONResponse(await readings.grade(await request.json()))
    except BadReading as error:
        return JSONResponse({"error": str(error)}, 422)


async def batch(request: Request) -> JSONResponse:
    """Say whether the training feed may take a batch."""
    return JSONResponse({"accept": await batches.accept(await request.json())})


async def healthz(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


app = Starlette(
    routes=[
        Route("/readings", reading, methods=["POST"]),
        Route("/batches", batch, methods=["POST"]),
        Route("/healthz", healthz),
    ]
)

if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
