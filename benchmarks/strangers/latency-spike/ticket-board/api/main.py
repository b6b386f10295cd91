"""The answers API: POST /v1/answers, GET /metrics, GET /healthz."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

import telemetry
import uvicorn
from answers import Answers, Question
from llm import Llm, LlmFailed
from search import SearchFailed
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MAX_BODY = 1 << 18
REFUSE_AFTER_S = 0.7

answers = Answers(
    [os.environ["SEARCH_A"], os.environ["SEARCH_B"]], Llm(os.environ["LLM_URL"], os.environ["LLM_KEY"])
)


async def ask(request: Request) -> Response:
    began = time.perf_counter()
    tenant = request.headers.get("x-tenant", "unknown")[:40]
    request_id = request.headers.get("x-request-id", "")[:80]
    with telemetry.span("POST /v1/answers", tenant=tenant, request_id=request_id) as span:
        response = await answer(request, tenant, request_id, began)
        span.set_attribute("http.response.status_code", response.status_code)
    telemetry.answered(tenant, request_id, response.status_code, time.perf_counter() - began)
    return response


async def answer(request: Request, tenant: str, request_id: str, began: float) -> Response:
    body = await request.body()
    if len(body) > MAX_BODY:
        return JSONResponse({"error": f"at most {MAX_BODY} bytes"}, 413)
    try:
        question = Question.parse(body, request_id)
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 422)
    try:
        return JSONResponse(await kept(await answers.ask(question), began + REFUSE_AFTER_S))
    except (SearchFailed, LlmFailed, TimeoutError) as error:
        telemetry.log.warning("no answer", extra={"request_id": request_id, "tenant": tenant, "reason": repr(error)})
        return JSONResponse({"error": "no answer, try again"}, 503, headers={"retry-after": "1"})


async def kept(promise: Any, until: float) -> Any:
    """What is promised, if that comes in time. Who stops waiting does not cancel it: others wait for it, too."""
    if promise.done():
        return promise.result()
    waiter = asyncio.wrap_future(promise)
    waiter.add_done_callback(lambda done: done.cancelled() or done.exception())  # heard, also if nobody waits
    await asyncio.wait({waiter}, timeout=max(0.0, until - time.perf_counter()))
    if not waiter.done():
        raise TimeoutError("it would take too long")
    return waiter.result()


async def healthz(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def metrics(_: Request) -> Response:
    return Response(telemetry.page(), media_type="text/plain")


app = Starlette(
    routes=[
        Route("/v1/answers", ask, methods=["POST"]),
        Route("/metrics", metrics),
        Route("/healthz", healthz),
    ]
)


if __name__ == "__main__":
    telemetry.start()
    answers.start()
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(
        app, host=host, port=int(port), access_log=False, log_level="warning",
        timeout_graceful_shutdown=1, timeout_keep_alive=75,
    )  # fmt: skip
