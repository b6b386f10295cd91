"""POST /v1/answers, GET /healthz, GET /metrics."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from desk import telemetry
from desk.assistant import Assistant
from desk.errors import NoAnswer

MAX_BODY = 1 << 16

log = logging.getLogger("desk.web")


def application(
    assistant: Assistant,
    health: Callable[[], dict[str, Any]],
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]],
) -> Starlette:
    async def answers(request: Request) -> Response:
        with telemetry.stage("all"):
            response = await answer(request)
        telemetry.answers.labels(str(response.status_code)).inc()
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
            return JSONResponse((await assistant.ask(question)).json())
        except NoAnswer as error:
            log.warning("no answer: %r", error.__cause__)
        except Exception:
            log.exception("no answer: a mistake of ours")
        return JSONResponse({"error": "no answer"}, 503)

    async def healthz(_: Request) -> Response:
        """Whether we take questions. That somebody else fails is told, and changes nothing: we answer anyway."""
        return JSONResponse({"status": "ok", **health()})

    async def metrics(_: Request) -> Response:
        return Response(telemetry.page(), media_type="text/plain")

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/v1/answers", answers, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/metrics", metrics),
        ],
    )
