"""The desk: whether a bill is to be paid."""

import sys

import uvicorn
from rules import to_be_paid
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


async def bills(request):
    asked = await request.json()
    return JSONResponse({"pay": to_be_paid(asked["bill"], asked["paid"])})


host, port = sys.argv[1].split(":")
routes = [Route("/healthz", lambda _: JSONResponse({"ok": True})), Route("/bills", bills, methods=["POST"])]
uvicorn.run(Starlette(routes=routes), host=host, port=int(port), access_log=False)
