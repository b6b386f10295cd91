"""The feature service: POST /definitions, POST /online, POST /training."""

import contextlib
import json
import logging
import os

import asyncpg
import registry
import serving
import training
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

log = logging.getLogger("features")


async def register(request):
    definition = await request.json()
    registry.keep(definition)
    log.info("registered %s version %s", definition["name"], definition["version"])
    return JSONResponse({"status": "registered"}, 201)


async def online(request):
    asked = await request.json()
    values = await serving.values(request.app.state.pool, asked["customer"], asked["at"], asked["set"])
    return JSONResponse({"values": values})


async def for_training(request):
    asked = await request.json()
    rows = await training.values(asked["set"], asked["rows"])
    return JSONResponse({"rows": rows})


async def odd(_, error):
    return JSONResponse({"error": repr(error)}, 422)


@contextlib.asynccontextmanager
async def lifespan(app):
    app.state.pool = await asyncpg.create_pool(os.environ["STORE"], min_size=2, max_size=8)
    yield


app = Starlette(
    routes=[
        Route("/definitions", register, methods=["POST"]),
        Route("/online", online, methods=["POST"]),
        Route("/training", for_training, methods=["POST"]),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
    exception_handlers={KeyError: odd, TypeError: odd, json.JSONDecodeError: odd},
    lifespan=lifespan,
)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
