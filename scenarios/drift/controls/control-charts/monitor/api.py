"""HTTP: POST /batches, GET /streams, GET /healthz, GET /metrics."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from model import InvalidNotice, Notice
from service import Service
from settings import Settings
from store import Store
from warehouse import Missing, Unavailable, Warehouse

log = logging.getLogger("monitor.api")


def create(settings: Settings) -> Starlette:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        warehouse = Warehouse(settings.warehouse, settings.fetch_attempt_s)
        app.state.service = Service(settings, warehouse, Store(settings.data_dir, settings.retention_days))
        yield
        await app.state.service.close()

    async def batches(request: Request) -> JSONResponse:
        service: Service = request.app.state.service
        try:
            notice = Notice.parse(await request.json())
        except (InvalidNotice, ValueError) as error:
            return JSONResponse({"error": str(error)}, 422)
        try:
            return JSONResponse((await service.judge(notice)).payload())
        except Unavailable as error:
            return JSONResponse({"error": str(error)}, 503)
        except Missing as error:
            return JSONResponse({"error": str(error)}, 502)
        except Exception as error:
            log.exception("%s %s", notice.stream, notice.date)
            return JSONResponse({"error": repr(error)}, 500)

    async def streams(request: Request) -> JSONResponse:
        return JSONResponse(request.app.state.service.overview())

    async def healthz(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})  # served only once the store is open, see lifespan

    async def metrics(request: Request) -> PlainTextResponse:
        counts = request.app.state.service.counts
        return PlainTextResponse("".join(f'monitor_batches_total{{verdict="{k}"}} {v}\n' for k, v in counts.items()))

    return Starlette(
        routes=[
            Route("/batches", batches, methods=["POST"]),
            Route("/streams", streams),
            Route("/healthz", healthz),
            Route("/metrics", metrics),
        ],
        lifespan=lifespan,
    )
