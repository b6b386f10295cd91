"""The watch: asked once a day what the assistants have said, and what a person should look at."""

import logging
import os

import uvicorn
from log import Log
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route
from watch import Watch

log = logging.getLogger("watch")
at_work = {}


async def days(request):
    today = (await request.json())["today"]
    return JSONResponse(await run_in_threadpool(daily, today))


def daily(today):
    source = Log(os.environ["LOG"])
    if today == 0 or not at_work:  # a new season
        at_work.clear()
        at_work.update({name: Watch(history) for name, history in source.history().items()})
    said = {"flags": [], "reviews": [], "reports": {}}
    for name, day in source.day(today).items():
        flags, reviews, report = at_work[name].day(today, day)
        said["flags"] += flags
        said["reviews"] += reviews
        said["reports"][name] = report
        log.info("day %d: %s: %d flags, %s", today, name, len(flags), report)
    return said


async def healthz(_):
    return JSONResponse({"status": "ok"})


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    host, port = os.environ["LISTEN"].split(":")
    routes = [Route("/healthz", healthz), Route("/days", days, methods=["POST"])]
    uvicorn.run(Starlette(routes=routes), host=host, port=int(port), log_level="warning", access_log=False)
