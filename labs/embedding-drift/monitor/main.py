"""The monitor: asked once a day how each dealer's search is, and what is to be done tonight."""

import logging
import os

import uvicorn
from monitor import Monitor
from search import Search
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

log = logging.getLogger("monitor")
at_work = {}


async def days(request):
    today = (await request.json())["today"]
    return JSONResponse(await run_in_threadpool(daily, today))


def daily(today):
    if today == 0 or "monitor" not in at_work:  # a new season
        at_work["monitor"] = Monitor(Search(os.environ["SEARCH"]))
    reports, actions = at_work["monitor"].day(today)
    for collection, kind in reports:
        log.info("day %d: %s: %s", today, collection, kind)
    for collection, action in actions:
        log.info("day %d: %s: %s ordered", today, collection, action)
    return {
        "reports": [{"collection": collection, "kind": kind} for collection, kind in reports],
        "actions": [{"collection": collection, "action": action} for collection, action in actions],
    }


async def healthz(_):
    return JSONResponse({"status": "ok"})


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    host, port = os.environ["LISTEN"].split(":")
    routes = [Route("/healthz", healthz), Route("/days", days, methods=["POST"])]
    uvicorn.run(Starlette(routes=routes), host=host, port=int(port), log_level="warning", access_log=False)
