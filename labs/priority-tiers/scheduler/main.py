"""The scheduler: POST /v1/captions, GET /v1/tiers, GET /metrics, GET /healthz."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import AsyncIterator

import figures
import uvicorn
from accounts import Accounts, Unknown
from captions import Captions, Refused
from pager import Pager
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

accounts = Accounts(os.environ["ACCOUNTS"])
captions = Captions(os.environ["MODEL"])
pager = Pager()
LATE_S = 0.4


async def caption(request: Request) -> Response:
    began = time.monotonic()
    try:
        picture = json.loads(await request.body())["picture"]
        account = await accounts.find(request.headers.get("x-api-key", ""))
    except Unknown:
        return JSONResponse({"error": "no account has this key"}, 401)
    except (ValueError, TypeError, KeyError):
        return JSONResponse({"error": "a picture is expected"}, 422)
    tier = request.headers.get("x-tier", account["tier"])
    try:
        answer, status = await captions.text(tier, picture), 200
    except Refused as error:
        answer, status = {"error": error.why}, error.status
        figures.log.warning("refused", extra={"tenant": account["tenant"], "tier": tier, "why": error.why})
    took = time.monotonic() - began
    if took > LATE_S:
        figures.log.warning("late", extra={"tenant": account["tenant"], "tier": tier, "why": f"took {took:.1f} s"})
    figures.captions.labels(str(status)).inc()
    pager.answered(status)
    return JSONResponse(answer, status, {"x-served-by": tier if status == 200 else f"{tier}, refused"})


async def tiers(request: Request) -> Response:
    return JSONResponse({tier: {"state": pager.state()} for tier in ("premium", "free")})


@contextlib.asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    captions.start()
    yield
    captions.stop()


app = Starlette(
    routes=[
        Route("/v1/captions", caption, methods=["POST"]),
        Route("/v1/tiers", tiers),
        Route("/metrics", lambda _: Response(figures.page(), media_type="text/plain")),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
    ],
    lifespan=lifespan,
)


if __name__ == "__main__":
    figures.start()
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), access_log=False, log_level="warning", timeout_graceful_shutdown=1)
