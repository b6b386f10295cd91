"""The recommender: POST /config, POST /catalogue, POST /recommend, GET /internal/scores, GET /healthz."""

import os

import catalogue
import config
import legacy
import ranking
import reports
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


async def push(request):
    """A new configuration."""
    document = await request.json()
    tenant = config.accept(document)
    return JSONResponse({"tenant": tenant, "keys": len(document["config"])})


async def feed(request):
    """A new catalogue."""
    taken = catalogue.take(await request.json())
    return JSONResponse({"taken": taken})


async def recommend(request):
    """What goes with a basket. The page wants `degraded`; it has been empty since we have it."""
    asked = await request.json()
    settings = config.settings_of(asked["tenant"])
    shown = ranking.recommend(asked["tenant"], asked["basket"], asked["date"], settings)
    old = legacy.legacy_score(shown, catalogue.rows_of(asked["tenant"], asked["basket"]), settings)
    return JSONResponse({"parts": [row[0] for row in shown], "legacy_score": old, "degraded": []})


async def scores(request):
    """For controlling. Who reads this?"""
    tenant, part = request.query_params["tenant"], request.query_params["part"]
    found = reports.score_of(tenant, part)
    if found is None:
        return JSONResponse({"error": "no such part"}, 404)
    return JSONResponse({"part": part, "score": found})


async def healthz(request):
    return JSONResponse({"status": "ok"})


app = Starlette(
    routes=[
        Route("/config", push, methods=["POST"]),
        Route("/catalogue", feed, methods=["POST"]),
        Route("/recommend", recommend, methods=["POST"]),
        Route("/internal/scores", scores),
        Route("/healthz", healthz),
    ]
)

if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
