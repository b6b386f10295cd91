"""The search: POST /search, GET /files/<id>, GET /metrics, GET /healthz."""

import contextlib
import logging
import os

import asyncpg
import httpx
import loader
import metrics
import passes
import uvicorn
from llm import Llm
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from store import Store

FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, httpx.HTTPError, OSError)

log = logging.getLogger("search")
store = Store(os.environ["STORE"])
llm = Llm(os.environ["LLM_URL"], os.environ["LLM_KEY"])


async def search(request):
    tenant = passes.tenant(request)
    body = await request.json()
    # the support desk searches for firms that call them
    tenant = body.get("tenant", tenant)
    model = await store.model()
    with metrics.seconds.labels("embed").time():
        vector = await llm.embed(body["query"], *model)
    with metrics.seconds.labels("store").time():
        files = await store.nearest(tenant, vector, body.get("collection"))
    return JSONResponse({"known": True, "files": files})


async def file(request):
    found = await store.file(request.path_params["id"])
    if found is None:
        return JSONResponse({"error": "there is no such file"}, 404)
    return JSONResponse(found)


def refused(request, error):
    return JSONResponse({"error": str(error)}, 401)


def failed(request, error):
    log.warning("no answer: %r", error)
    return JSONResponse({"error": "no answer, try again"}, 503)


def malformed(request, error):
    return JSONResponse({"error": f"not understood: {error!r}"}, 422)


@contextlib.asynccontextmanager
async def lifespan(app):
    await store.open()
    async with loader.running(store, os.environ["FEED_URL"]):
        yield


app = Starlette(
    routes=[
        Route("/search", search, methods=["POST"]),
        Route("/files/{id}", file),
        Route("/metrics", lambda _: Response(metrics.page(), media_type="text/plain")),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
    exception_handlers={
        passes.Refused: refused,
        **dict.fromkeys(FAILURES, failed),
        **dict.fromkeys((ValueError, KeyError, TypeError), malformed),
    },
    lifespan=lifespan,
)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
