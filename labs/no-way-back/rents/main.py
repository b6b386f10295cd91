"""The api: POST /v1/rents, POST /releases, POST /rollback, GET /releases/<id> with /table and /parts/<name>."""

import contextlib
import logging
import os

import releases
import uvicorn
from model import PARTS, NoFlat, quote
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


async def rent(request):
    release = releases.live()
    if release is None:
        return JSONResponse({"error": "nothing is released yet"}, 503)
    try:
        found = quote(releases.parts(), (await request.json())["flat"])
    except (NoFlat, ValueError, KeyError, TypeError) as error:
        return JSONResponse({"error": f"{error}"}, 422)
    return JSONResponse({**found, "release": release})


async def release(request):
    params = (await request.json())["params"]
    return JSONResponse({"release": await releases.release(params)}, 201)


async def rollback(request):
    await releases.rollback((await request.json())["release"])
    return JSONResponse({"status": "in force"})


async def record(request):
    return JSONResponse(await releases.record(request.path_params["id"]))


async def table(request):
    return Response(await releases.table_of(request.path_params["id"]), media_type="text/csv")


async def part(request):
    if request.path_params["name"] not in PARTS:
        return JSONResponse({"error": "there is no such part"}, 404)
    return Response(releases.part_of(request.path_params["id"], request.path_params["name"]))


async def unknown(request, error):
    return JSONResponse({"error": f"there is no release {error}"}, 404)


@contextlib.asynccontextmanager
async def lifespan(app):
    await releases.complete()
    yield


app = Starlette(
    routes=[
        Route("/v1/rents", rent, methods=["POST"]),
        Route("/releases", release, methods=["POST"]),
        Route("/rollback", rollback, methods=["POST"]),
        Route("/releases/{id}", record),
        Route("/releases/{id}/table", table),
        Route("/releases/{id}/parts/{name}", part),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
    exception_handlers={releases.Unknown: unknown},
    lifespan=lifespan,
)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
