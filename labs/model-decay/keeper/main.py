"""Keeps the depots' models: POST /begin, then POST /day each morning."""

import os

import uvicorn
from keeper import Keeper
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

keeper = Keeper()


async def begin(request):
    return JSONResponse(keeper.begin(await request.json()))


async def day(request):
    return JSONResponse(keeper.day(await request.json()))


async def healthz(_):
    return JSONResponse({"status": "ok"})


app = Starlette(
    routes=[
        Route("/begin", begin, methods=["POST"]),
        Route("/day", day, methods=["POST"]),
        Route("/healthz", healthz),
    ]
)

if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
