"""The assistant's API: POST /v1/answers, GET /metrics, GET /healthz."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import AsyncIterator

import metrics
import uvicorn
from answers import Answers, NoAnswer
from llm import Llm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from store import Store

MAX_BODY = 1 << 16
FIRST_LOOK_S = 1.0

log = logging.getLogger("desk")
store = Store(os.environ["STORE"])
answers = Answers(store, Llm(os.environ["LLM_URL"], os.environ["LLM_KEY"]), os.environ["LIBRARY_URL"])


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
    except NoAnswer:
        log.warning("no answer: neither a copy of the table nor the library")
    except Exception:
        log.exception("no answer")
    return JSONResponse({"error": "no answer, try again"}, 503)


@contextlib.asynccontextmanager
async def opened(_: Starlette) -> AsyncIterator[None]:
    follower = asyncio.create_task(store.follow())
    with contextlib.suppress(TimeoutError):  # with a store that fails we begin without it
        await asyncio.wait_for(store.tried.wait(), FIRST_LOOK_S)
    yield
    follower.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await follower


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
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning",
                timeout_graceful_shutdown=1, timeout_keep_alive=75)  # fmt: skip
