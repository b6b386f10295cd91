"""Rollout controller: POST /rollout starts one, GET /rollout shows it, GET /rollout/healthz is for the platform."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from gateway import Gateway
from metrics import Collector
from rollout import Engine
from settings import Settings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from store import Store


async def health(request: Request) -> JSONResponse:
    ready = request.app.state.engine.ready
    return JSONResponse({"status": "ok" if ready else "recovering"}, 200 if ready else 503)


async def show(request: Request) -> JSONResponse:
    return JSONResponse(request.app.state.engine.status())


async def begin(request: Request) -> JSONResponse:
    engine: Engine = request.app.state.engine
    try:
        version = json.loads(await request.body())["version"]
    except (ValueError, KeyError, TypeError):
        return JSONResponse({"error": 'expected {"version": "v2"}'}, 422)
    if version != "v2":
        return JSONResponse({"error": f"no version {version!r}"}, 422)
    try:
        started = engine.start()
    except sqlite3.Error as error:
        return JSONResponse({"error": f"store: {error}"}, 503)
    if not started:
        return JSONResponse({"error": "a rollout is running", **engine.status()}, 409)
    return JSONResponse(engine.status(), 202)


def application(settings: Settings) -> Starlette:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=0.4, trust_env=False) as client:
            engine = Engine(
                settings.policy,
                Gateway(client, settings.gateway_admin),
                Collector(client, settings.v1_metrics, settings.v2_metrics),
                Store(settings.data_dir),
            )
            app.state.engine = engine
            engine.boot()
            yield
            await engine.stop()

    routes = [
        Route("/rollout/healthz", health),
        Route("/rollout", show, methods=["GET"]),
        Route("/rollout", begin, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings = Settings.read()
    host, _, port = settings.listen.rpartition(":")
    uvicorn.run(
        application(settings), host=host, port=int(port), log_level="warning", access_log=False,
        timeout_graceful_shutdown=1,
    )  # fmt: skip


if __name__ == "__main__":
    main()
