"""The kit: features for training and for the site, arms of experiments, scores of models, and what is wrong."""

import logging
import os

import uvicorn
from investigate import investigate
from metric import score
from serving import serve
from split import assign
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route
from training import build

log = logging.getLogger("kit")


async def features(request):
    asked = await request.json()
    if asked["path"] == "training":
        rows = await run_in_threadpool(build, asked["requests"])
    else:
        rows = [serve(each) for each in asked["requests"]]
    return JSONResponse({"rows": rows})


async def arms(request):
    asked = await request.json()
    given = [assign(asked["experiment"], asked["shares"], user) for user in asked["users"]]
    return JSONResponse({"arms": given})


async def scores(request):
    asked = await request.json()
    return JSONResponse(await run_in_threadpool(score, asked["log"], asked["picks"]))


async def investigations(request):
    found = await run_in_threadpool(investigate, await request.json())
    log.info("%s", found)
    return JSONResponse(found)


async def healthz(request):
    return JSONResponse({"status": "ok"})


app = Starlette(
    routes=[
        Route("/features", features, methods=["POST"]),
        Route("/assign", arms, methods=["POST"]),
        Route("/score", scores, methods=["POST"]),
        Route("/investigate", investigations, methods=["POST"]),
        Route("/healthz", healthz),
    ]
)

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
