"""The recommender: POST /users, GET /recommend, POST /clicks, POST /items, DELETE /items/<id>, POST /mornings."""

import contextlib
import logging
import os

import lists
import night
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


async def sign_up(request):
    given = await request.json()
    lists.people.add(given["id"], given.get("region"), given.get("household"))
    return JSONResponse({"status": "welcome"}, 201)


async def recommend(request):
    return JSONResponse({"recipes": lists.recommend(request.query_params["user"])})


async def clicked(request):
    given = await request.json()
    night.write(given["user"], given["recipes"])
    return JSONResponse({"status": "noted"})


async def published(request):
    lists.catalogue.add(await request.json())
    return JSONResponse({"status": "published"}, 201)


async def withdrawn(request):
    lists.catalogue.remove(request.path_params["id"])
    return JSONResponse({"status": "withdrawn"})


async def morning(request):
    await lists.load()
    night.forget()
    return JSONResponse({"status": "loaded"})


@contextlib.asynccontextmanager
async def lifespan(app):
    await lists.load()
    yield


app = Starlette(
    routes=[
        Route("/users", sign_up, methods=["POST"]),
        Route("/recommend", recommend),
        Route("/clicks", clicked, methods=["POST"]),
        Route("/items", published, methods=["POST"]),
        Route("/items/{id}", withdrawn, methods=["DELETE"]),
        Route("/mornings", morning, methods=["POST"]),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
    lifespan=lifespan,
)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
