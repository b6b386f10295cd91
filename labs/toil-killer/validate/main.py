"""The validator: POST /trays, POST /savings, GET /healthz."""

from __future__ import annotations

import os

import uvicorn
from savings import savings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from validate import validate


async def trays(request: Request) -> JSONResponse:
    """Decide a tray of packages."""
    return JSONResponse({"decisions": validate(await request.json())})


async def saved(request: Request) -> JSONResponse:
    """Say what that saves."""
    asked = await request.json()
    return JSONResponse(savings(asked["history"], asked["decisions"]))


app = Starlette(
    routes=[
        Route("/trays", trays, methods=["POST"]),
        Route("/savings", saved, methods=["POST"]),
        Route("/healthz", lambda _: JSONResponse({"ok": True})),
    ]
)

if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning")
