"""Plans Halden's capacity: POST /season, then POST /tick every ten minutes, and POST /pack."""

import os

import uvicorn
from planner import Planner
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

planner = Planner()


async def season(request):
    return JSONResponse(planner.season(await request.json()))


async def tick(request):
    return JSONResponse(planner.tick(await request.json()))


async def pack(request):
    return JSONResponse(planner.pack(await request.json()))


async def healthz(_):
    return JSONResponse({"status": "ok"})


app = Starlette(
    routes=[
        Route("/season", season, methods=["POST"]),
        Route("/tick", tick, methods=["POST"]),
        Route("/pack", pack, methods=["POST"]),
        Route("/healthz", healthz),
    ]
)

if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
