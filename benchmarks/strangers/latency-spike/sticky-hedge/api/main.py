"""The answers API: POST /v1/answers, GET /metrics, GET /healthz."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import telemetry
import uvicorn
from answers import Answers, Question
from cache import Cache
from llm import Llm, LlmFailed
from search import Search, SearchFailed
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MAX_BODY = 1 << 18
REFUSE_AFTER_S = 0.7

search = Search([os.environ["SEARCH_A"], os.environ["SEARCH_B"]])
cache = Cache(seconds=60.0, entries=4000)
answers = Answers(search, Llm(os.environ["LLM_URL"], os.environ["LLM_KEY"]), cache)


@asynccontextmanager
async def watching(_: Starlette) -> AsyncIterator[None]:
    watch = asyncio.create_task(search.watch(cache.clear))
    yield
    watch.cancel()


async def ask(request: Request) -> Response:
    began = time.perf_counter()
    tenant = request.headers.get("x-tenant", "unknown")[:40]
    request_id = request.headers.get("x-request-id", "")[:80]
    with telemetry.span("POST /v1/answers", tenant=tenant, request_id=request_id) as span:
        response = await answer(request, tenant, request_id)
        span.set_attribute("http.response.status_code", response.status_code)
    telemetry.answered(tenant, request_id, response.status_code, time.perf_counter() - began)
    return response


async def answer(request: Request, tenant: str, request_id: str) -> Response:
    body = await request.body()
    if len(body) > MAX_BODY:
        return JSONResponse({"error": f"at most {MAX_BODY} bytes"}, 413)
    try:
        question = Question.parse(body, request_id)
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 422)
    try:
        async with asyncio.timeout(REFUSE_AFTER_S):
            return JSONResponse(await answers.ask(question))
    except (SearchFailed, LlmFailed, httpx.HTTPError, TimeoutError) as error:
        telemetry.log.warning("no answer", extra={"request_id": request_id, "tenant": tenant, "reason": repr(error)})
        return JSONResponse({"error": "no answer, try again"}, 503)


app = Starlette(
    routes=[
        Route("/v1/answers", ask, methods=["POST"]),
        Route("/metrics", lambda _: Response(telemetry.page(), media_type="text/plain")),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
    lifespan=watching,
)


if __name__ == "__main__":
    telemetry.start()
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(
        app, host=host, port=int(port), access_log=False, log_level="warning",
        timeout_graceful_shutdown=1, timeout_keep_alive=75,
    )  # fmt: skip
