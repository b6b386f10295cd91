"""The planner: a fleet comes in, a plan goes out."""

import os

import uvicorn
from planner import plan
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route


async def plans(request):
    fleet = await request.json()
    return JSONResponse(await run_in_threadpool(plan, fleet))


async def healthz(request):
    return JSONResponse({"status": "ok"})


app = Starlette(routes=[Route("/plans", plans, methods=["POST"]), Route("/healthz", healthz)])

if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
