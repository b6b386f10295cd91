"""The jury: POST /v1/labels, GET /measured, GET /metrics, GET /healthz."""

from __future__ import annotations

import json
import os

import figures
import measure
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from vote import Jury, NoVerdict

jury = Jury()


async def label(request: Request) -> Response:
    try:
        pixels = json.loads(await request.body())["pixels"]
    except (ValueError, TypeError, KeyError):
        return JSONResponse({"error": "pixels are expected"}, 422)
    try:
        said = await jury.read(pixels)
    except NoVerdict as error:
        figures.labels.labels("nothing").inc()
        return JSONResponse({"error": str(error)}, 503)
    figures.labels.labels("sure" if said.sure else "not sure").inc()
    return JSONResponse({"digit": said.digit, "sure": said.sure, "receipts": said.receipts})


async def measured(request: Request) -> Response:
    return PlainTextResponse(await measure.report())


async def metrics(request: Request) -> Response:
    return Response(figures.page(), media_type="text/plain")


async def healthz(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


app = Starlette(
    routes=[
        Route("/v1/labels", label, methods=["POST"]),
        Route("/measured", measured),
        Route("/metrics", metrics),
        Route("/healthz", healthz),
    ]
)


if __name__ == "__main__":
    figures.start()
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
