"""Routes. What a shop knows and does is in shop.py."""

import os
from collections import defaultdict

import uvicorn
from shop import Shop, wrong
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

shops = defaultdict(Shop)


async def config(request):
    document = await request.json()
    errors = wrong(document)
    if not errors:
        shops[document["tenant"]].settings = document["config"]
    found = [{"key": key, "problem": why} for key, why in errors]
    return JSONResponse({"errors": found}, 422 if found else 200)


async def catalogue(request):
    document = await request.json()
    shops[document["tenant"]].feed(document["columns"], document["rows"])
    return JSONResponse({})


async def recommend(request):
    asked = await request.json()
    return JSONResponse(shops[asked["tenant"]].page(asked["basket"], asked["date"]))


async def scores(request):
    shop, part = shops[request.query_params["tenant"]], request.query_params["part"]
    if part not in shop.parts:
        return JSONResponse({"error": "no such part"}, 404)
    return JSONResponse({"part": part, "score": round(shop.score(shop.parts[part], [], low=None), 4)})


async def healthz(request):
    return JSONResponse({})


app = Starlette(
    routes=[
        Route("/config", config, methods=["POST"]),
        Route("/catalogue", catalogue, methods=["POST"]),
        Route("/recommend", recommend, methods=["POST"]),
        Route("/internal/scores", scores),
        Route("/healthz", healthz),
    ]
)

if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
