"""Decisions on card payments: POST /v1/decisions, POST /v1/nightly, GET /v1/table, GET /metrics, GET /healthz."""

from __future__ import annotations

import asyncio
import json
import os

import figures
import uvicorn
from decide import Decide
from nightly import Nightly
from scorer import Scorer, ScorerError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from table import Table

scorer = Scorer(os.environ["SCORER"], os.environ["REGISTER"])
table = Table()
figures.rows.set_function(lambda: len(table.rows))
job = Nightly(scorer, table)
desk = Decide(scorer, table)
jobs: set[asyncio.Task[None]] = set()


async def decision(request: Request) -> Response:
    try:
        payment = json.loads(await request.body())
        card = payment["card"]
    except (ValueError, TypeError, KeyError):
        return JSONResponse({"error": "a payment is expected"}, 422)
    try:
        answer, source = await desk.decide(payment)
    except ScorerError as error:
        figures.log.warning("no decision", extra={"card": card, "why": str(error)})
        return JSONResponse({"error": str(error)}, 503)
    figures.decisions.labels(answer["decision"], source).inc()
    return JSONResponse(answer, headers={"x-served-by": source})


async def nightly(request: Request) -> Response:
    """Midnight: the day that begins."""
    task = asyncio.create_task(job.run(json.loads(await request.body())["date"]))
    jobs.add(task)
    task.add_done_callback(jobs.discard)
    return JSONResponse({"status": "started"}, 202)


async def rows(request: Request) -> Response:
    return JSONResponse({"date": table.date, "rows": len(table.rows), "table": list(table.rows.values())[:50]})


app = Starlette(
    routes=[
        Route("/v1/decisions", decision, methods=["POST"]),
        Route("/v1/nightly", nightly, methods=["POST"]),
        Route("/v1/table", rows),
        Route("/metrics", lambda _: Response(figures.page(), media_type="text/plain")),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
)


if __name__ == "__main__":
    figures.start()
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
