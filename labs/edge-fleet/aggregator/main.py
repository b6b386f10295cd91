"""Takes what the fleet reports, and says what is to be known of it."""

import os

import uvicorn
from aggregator import Aggregator
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

aggregator = Aggregator()


async def reports(request):
    return JSONResponse(aggregator.take((await request.json())["reports"]))


async def close(request):
    return JSONResponse({"pages": aggregator.close((await request.json())["day"])})


async def city(request):
    return JSONResponse({"revisions": aggregator.figures(request.path_params["city"], request.path_params["day"])})


async def updates(request):
    return JSONResponse({"revisions": aggregator.updates(request.path_params["city"], request.path_params["model"])})


async def healthz(_):
    return JSONResponse({"status": "ok"})


app = Starlette(
    routes=[
        Route("/reports", reports, methods=["POST"]),
        Route("/close", close, methods=["POST"]),
        Route("/cities/{city}/{day}", city),
        Route("/updates/{city}/{model}", updates),
        Route("/healthz", healthz),
    ]
)

if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
