"""The answers API: POST /v1/answers, GET /metrics, GET /healthz."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import telemetry
import uvicorn
from answers import Answers
from config import BadSettings, Settings
from deadline import Deadline
from errors import NoAnswer
from questions import Question
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Api:
    """HTTP on one side, the service on the other."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._answers = Answers(settings)
        self._open = 0

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/answers", self.ask, methods=["POST"]),
                Route("/metrics", self.metrics),
                Route("/healthz", self.healthz),
            ],
            lifespan=self.lifespan,
        )

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        await self._answers.start()
        yield
        await self._answers.stop()

    async def healthz(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def metrics(self, _: Request) -> Response:
        return Response(telemetry.page(), media_type="text/plain")

    async def ask(self, request: Request) -> Response:
        began, deadline = time.perf_counter(), Deadline.after(self._settings.refuse_after_s)
        tenant = request.headers.get("x-tenant", "unknown")[:40]
        request_id = request.headers.get("x-request-id", "")[:80]
        self._open += 1
        telemetry.open_questions.set(self._open)
        try:
            with telemetry.span("POST /v1/answers", tenant=tenant, request_id=request_id) as span:
                response = await self._answer(request, tenant, request_id, deadline)
                span.set_attribute("http.response.status_code", response.status_code)
        finally:
            self._open -= 1
            telemetry.open_questions.set(self._open)
        telemetry.answered(tenant, request_id, response.status_code, time.perf_counter() - began)
        return response

    async def _answer(self, request: Request, tenant: str, request_id: str, deadline: Deadline) -> Response:
        if self._open > self._settings.most_open:
            return self._refusal(tenant, request_id, "too many questions are open")
        body = await request.body()
        if len(body) > self._settings.max_body:
            return JSONResponse({"error": f"at most {self._settings.max_body} bytes"}, 413)
        try:
            question = Question.parse(body, request_id)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 422)
        try:
            async with asyncio.timeout(deadline.left()):
                return JSONResponse(await self._answers.ask(question))
        except TimeoutError:
            return self._refusal(tenant, request_id, "it would take too long")
        except NoAnswer as error:
            return self._refusal(tenant, request_id, str(error))

    def _refusal(self, tenant: str, request_id: str, reason: str) -> Response:
        telemetry.log.warning("no answer", extra={"request_id": request_id, "tenant": tenant, "reason": reason})
        return JSONResponse({"error": "no answer, try again"}, 503, headers={"retry-after": "1"})


def run() -> None:
    try:
        settings = Settings.from_environment()
    except BadSettings as error:
        sys.exit(f"api: {error}")
    telemetry.start(settings.traces)
    host, _, port = settings.listen.rpartition(":")
    uvicorn.run(
        Api(settings).application(),
        host=host,
        port=int(port),
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
    )


if __name__ == "__main__":
    run()
