"""The planner: a fleet comes in, a plan goes out."""

import logging
import os
from collections import Counter

import uvicorn
from planner import plan
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

log = logging.getLogger("planner")


async def plans(request):
    fleet = await request.json()
    made = await run_in_threadpool(plan, fleet)
    counts = Counter(each["action"] for each in made["actions"])
    log.info(
        "%s: %s; saves %.0f USD",
        fleet["fleet"],
        ", ".join(f"{count} x {action}" for action, count in counts.items()) or "no action",
        made["saving_usd"],
    )
    return JSONResponse(made)


async def healthz(request):
    return JSONResponse({"status": "ok"})


app = Starlette(routes=[Route("/plans", plans, methods=["POST"]), Route("/healthz", healthz)])

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
