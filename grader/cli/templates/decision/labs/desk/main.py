"""The desk: whether a bill is to be paid."""

import sys

import uvicorn
from rules import to_be_paid
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


async def healthz(request):
    return JSONResponse({"status": "ok"})


async def bills(request):
    asked = await request.json()
    return JSONResponse({"pay": to_be_paid(asked["bill"], asked["paid"])})


host, port = sys.argv[1].split(":")
app = Starlette(routes=[Route("/healthz", healthz), Route("/bills", bills, methods=["POST"])])
uvicorn.run(app, host=host, port=int(port), access_log=False)
