"""The scoring job: POST /nights/<night>, GET /healthz."""

import logging
import os

import httpx
import uvicorn
from night import score_night
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


def nights(request):
    """Score a night, and answer when it is delivered. Not a coroutine: each night has a thread of its own."""
    night = request.path_params["night"]
    try:
        return JSONResponse({"delivered": score_night(night)})
    except httpx.HTTPStatusError as error:  # as when the night was cut: one line is enough
        logging.error("night %s ends: %s says %s", night, error.request.url.path, error.response.text[:200])
        return JSONResponse({"error": error.response.text[:200]}, 502)


async def healthz(_):
    return JSONResponse({"status": "ok"})


app = Starlette(routes=[Route("/nights/{night}", nights, methods=["POST"]), Route("/healthz", healthz)])

if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
