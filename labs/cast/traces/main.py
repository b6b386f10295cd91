"""A collector of traces: OTLP as JSON over HTTP in, a page with waterfalls out. README.md has the API.

Environment: LISTEN (host:port), KEEP (traces in memory).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import zlib

import page
from common.serve import serve
from spans import NotOtlp, Traces
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MAX_BODY = 1 << 20
AT_ONCE = 2
SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class BadBody(ValueError):
    """A body that is not taken; carries the status to answer with."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Collector:
    """The traces in memory, and what is asked of them."""

    def __init__(self, keep: int) -> None:
        self._traces = Traces(keep)
        self._places = asyncio.Semaphore(AT_ONCE)

    def application(self) -> Starlette:
        """Pages, and the way in."""
        return Starlette(
            routes=[
                Route("/healthz", self._healthz),
                Route("/", self._index),
                Route("/trace/{id}", self._trace),
                Route("/v1/traces", self._take, methods=["POST"]),
            ]
        )

    async def _healthz(self, _: Request) -> Response:
        return _said(200, {"status": "ok"})

    async def _index(self, request: Request) -> Response:
        order, sought = (request.query_params.get(name, "")[:200] for name in ("order", "q"))
        return _page(page.index(self._traces.roots(), order or "slowest", sought))

    async def _trace(self, request: Request) -> Response:
        spans = self._traces.trace(request.path_params["id"])
        return _page(page.waterfall(spans)) if spans else _said(404, {"error": "not found, or no longer kept"})

    async def _take(self, request: Request) -> Response:
        """An export; few are read at once, so that the sum of them stays small."""
        try:
            async with self._places:
                self._traces.add(json.loads(await _body(request)))
        except BadBody as error:
            return _said(error.status, {"error": str(error)})
        except (NotOtlp, ValueError, RecursionError) as error:
            return _said(400, {"error": str(error)[:200]})
        return _said(200, {})


def _page(text: bytes) -> Response:
    return Response(text, headers=SECURITY, media_type="text/html; charset=utf-8")


def _said(status: int, what: dict[str, str]) -> Response:
    return JSONResponse(what, status, headers=SECURITY)


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise BadBody(413, f"at most {MAX_BODY} bytes")
    return _unpacked(body) if request.headers.get("content-encoding") == "gzip" else body


def _unpacked(body: bytes) -> bytes:
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        text = unpack.decompress(body, MAX_BODY)
    except zlib.error as error:
        raise BadBody(400, "the body is no gzip") from error
    if unpack.unconsumed_tail:
        raise BadBody(413, f"at most {MAX_BODY} bytes, unpacked")
    return text


def main() -> None:
    """Serve until the process ends; what makes no sense ends it with one sentence."""
    listen = os.environ.get("LISTEN", "")
    keep = os.environ.get("KEEP", "500")
    if not listen.rpartition(":")[2].isdecimal() or not keep.isdecimal() or not 0 < int(keep) <= 100_000:
        sys.exit("traces: LISTEN must be host:port, and KEEP a whole number from 1 to 100000")
    serve({listen: Collector(int(keep)).application()})


if __name__ == "__main__":
    main()
