"""The assistant's API: POST /v1/answers, GET /metrics, GET /healthz."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import AsyncIterator

import asyncpg
import httpx
import metrics
import uvicorn
from answers import Answers
from library import Library
from llm import Llm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from store import Store

MAX_BODY = 1 << 16
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, httpx.HTTPError, OSError)

log = logging.getLogger("desk")
store = Store(os.environ["STORE"])
answers = Answers(store, Llm(os.environ["LLM_URL"], os.environ["LLM_KEY"]), Library(os.environ["LIBRARY_URL"]))


async def ask(request: Request) -> Response:
    with metrics.seconds.labels("all").time():
        response = await answer(request)
    metrics.answers.labels(str(response.status_code)).inc()
    return response


async def answer(request: Request) -> Response:
    body = await request.body()
    if len(body) > MAX_BODY:
        return JSONResponse({"error": f"at most {MAX_BODY} bytes"}, 413)
    try:
        question = json.loads(body)["question"]
    except (ValueError, KeyError, TypeError):
        question = None
    if not isinstance(question, str) or not question.strip():
        return JSONResponse({"error": 'expected {"question": text}'}, 422)
    try:
        return JSONResponse(await answers.ask(question))
    except FAILURES as error:
        log.warning("no answer: %r", error)
        return JSONResponse({"error": "no answer, try again"}, 503)


@contextlib.asynccontextmanager
async def opened(_: Starlette) -> AsyncIterator[None]:
    await store.open()
    yield


app = Starlette(
    lifespan=opened,
    routes=[
        Route("/v1/answers", ask, methods=["POST"]),
        Route("/metrics", lambda _: Response(metrics.page(), media_type="text/plain")),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
