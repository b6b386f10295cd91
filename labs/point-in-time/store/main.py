"""The feature store: the lake tells it what is new, the street reads, training asks for rows of the past."""

import logging
import os

import uvicorn
from online import Online
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route
from tables import Tables
from training import training_rows

log = logging.getLogger("store")
at_work = {}


def begin(_):
    tables = Tables()
    at_work.update(tables=tables, online=Online(tables))
    return {}


def publish(body):
    counts = {name: at_work["tables"].load(name, body[name]) for name in ("courier_days", "district_hours")}
    at_work["online"].refresh()
    log.info("%s: %s", body["now"], ", ".join(f"{count} {name}" for name, count in counts.items()))
    return counts


def online(body):
    return {"rows": [at_work["online"].read(row) for row in body["rows"]]}


def training(body):
    rows = training_rows(at_work["tables"], body["rows"])
    log.info("training: %d rows", len(rows))
    return {"rows": rows}


def route(path, work):
    async def handler(request):
        return JSONResponse(await run_in_threadpool(work, await request.json()))

    return Route(path, handler, methods=["POST"])


async def healthz(_):
    return JSONResponse({"status": "ok"})


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    host, port = os.environ["LISTEN"].split(":")
    calls = {"/begin": begin, "/publish": publish, "/online": online, "/training": training}
    routes = [Route("/healthz", healthz), *(route(path, work) for path, work in calls.items())]
    uvicorn.run(Starlette(routes=routes), host=host, port=int(port), log_level="warning", access_log=False)
