"""The scheduler: POST /v1/captions, GET /v1/tiers, GET /metrics, GET /healthz."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
from collections.abc import AsyncIterator
from typing import Any

import figures
import uvicorn
from accounts import Accounts, Unknown, Unreachable
from captions import Captions, Refused
from limiter import Quotas
from pager import PROMISE_S, Pager
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

accounts = Accounts(os.environ["ACCOUNTS"])
captions = Captions(os.environ["MODEL"])
quotas = Quotas()
pager = Pager()


async def caption(request: Request) -> Response:
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        account = await accounts.find(request.headers.get("x-api-key", ""))
    except Unknown:
        figures.strangers.inc()
        return JSONResponse({"error": "no account has this key"}, 401)
    except Unreachable:
        figures.strangers.inc()
        return JSONResponse({"error": "the accounts do not answer"}, 503, come_again(1.0))
    tenant, tier = account["tenant"], "premium" if account["tier"] == "premium" else "free"
    answer, status, headers = await answered(account, tenant, tier, await request.body(), began)
    if status in (429, 503):
        figures.log.warning("refused", extra={"tenant": tenant, "tier": tier, "why": answer["error"]})
    took = loop.time() - began
    if took > PROMISE_S:
        figures.log.warning("late", extra={"tenant": tenant, "tier": tier, "why": f"took {took:.1f} s"})
    figures.captions.labels(tier, str(status)).inc()
    return JSONResponse(answer, status, {**headers, "x-served-by": tier if status == 200 else f"{tier}, refused"})


async def answered(
    account: dict[str, Any], tenant: str, tier: str, body: bytes, began: float
) -> tuple[dict[str, Any], int, dict[str, str]]:
    try:
        picture = json.loads(body)["picture"]
    except (ValueError, TypeError, KeyError):
        picture = None
    if not picture or not isinstance(picture, str):
        return {"error": "a picture is expected"}, 422, {}
    wait_s = quotas.take(account)
    if wait_s:
        return {"error": "over the quota"}, 429, come_again(wait_s)
    watched = pager.watch(tier, began)
    try:
        text = await captions.text(tenant, tier, picture, began)
    except Refused as error:
        watched.settle(False)
        quotas.give_back(account)
        return {"error": str(error)}, 503, come_again(1.0)
    watched.settle(True)
    return text, 200, {}


def come_again(wait_s: float) -> dict[str, str]:
    """When to come again, as a client can read it: exact, and in whole seconds."""
    wait_s = min(5.0, max(0.05, wait_s))
    return {"retry-after": str(math.ceil(wait_s)), "retry-after-ms": str(math.ceil(wait_s * 1000))}


async def tiers(_: Request) -> Response:
    return JSONResponse({tier: {"state": pager.state(tier)} for tier in ("premium", "free")})


@contextlib.asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
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
