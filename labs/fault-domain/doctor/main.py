"""The doctor: says which team has to get up when a cell is ill."""

import logging
import os

import uvicorn
from cell import Cell
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route
from triage import diagnose

log = logging.getLogger("doctor")


async def diagnoses(request):
    asked = await request.json()
    domains, because = await run_in_threadpool(visit, asked["cell"])
    log.info("%s: %s: %s", asked["cell"], ", ".join(domains) or "well", "; ".join(because))
    return JSONResponse({"domains": domains, "because": because})


def visit(path):
    with Cell(os.environ["YARD"], path) as cell:
        return diagnose(cell)


async def healthz(_):
    return JSONResponse({"status": "ok"})


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    host, port = os.environ["LISTEN"].split(":")
    routes = [Route("/healthz", healthz), Route("/diagnoses", diagnoses, methods=["POST"])]
    uvicorn.run(Starlette(routes=routes), host=host, port=int(port), log_level="warning", access_log=False)
