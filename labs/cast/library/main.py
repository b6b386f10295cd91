"""A shelf of passages: the public port and the exam's. README.md has the APIs.

Environment: LISTEN and CONTROL (host:port), PASSAGES (a file), STORE, EMBEDDER, EMBEDDER_KEY, MODEL, BROWNOUT_TOKEN.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from common.serve import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from table import Embedder, Table
from words import Passage, Words, parse

MAX_BODY = 1 << 20
MOST = 10
MOST_AFTER_S = 60
START_TRIES, RETRY_S = 60, 0.25
PULSE = "Is everything well?"
OUTSIDE = (OSError, asyncpg.PostgresError, httpx.HTTPError)
Handler = Callable[[Request], Awaitable[JSONResponse]]


class Library:
    """The passages in force, their table, and who may command them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.passages = parse(json.loads(Path(environment["PASSAGES"]).read_text("utf-8")))
        self.model = environment.get("MODEL", "parley-embed")
        self.table = Table(environment["STORE"], Embedder(environment["EMBEDDER"], environment["EMBEDDER_KEY"]))
        self.words = Words(self.passages)
        self.edition, self.searched, self.searches, self.ready = 0, 0, 0, False
        self._due: asyncio.TimerHandle | None = None
        self._token = environment.get("BROWNOUT_TOKEN", "")

    async def open(self) -> None:
        """Write the table as soon as store and embedder are there.

        Raises:
            OSError, asyncpg.PostgresError, httpx.HTTPError: they were not for 15 s.
        """
        for tried in range(START_TRIES):
            try:
                await self.table.write(self.passages, self.model, 0)
            except OUTSIDE:
                if tried == START_TRIES - 1:
                    raise
                await asyncio.sleep(RETRY_S)
            else:
                self.ready = True
                return

    async def publish(self, passages: list[Passage], model: str, search_after_s: float = 0.0) -> dict[str, Any]:
        """Put another edition in place: in the table now, in the search so many seconds later."""
        await self.table.write(passages, model, self.edition + 1)
        self.edition += 1
        if self._due is not None:
            self._due.cancel()
        if search_after_s:
            self._due = asyncio.get_running_loop().call_later(search_after_s, self._search, passages, self.edition)
        else:
            self._search(passages, self.edition)
        return {"edition": self.edition, "model": model}

    def _search(self, passages: list[Passage], edition: int) -> None:
        self.words, self.searched = Words(passages), edition

    def guarded(self, handler: Handler) -> Handler:
        """Only with the token; what is not understood gets 422, and 502 where store or embedder did not answer."""

        async def run(request: Request) -> JSONResponse:
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not self._token or not hmac.compare_digest(given.encode(), self._token.encode()):
                return JSONResponse({"error": "needs the deployment's token"}, 401)
            try:
                return await handler(request)
            except ValueError as error:
                return JSONResponse({"error": str(error)}, 422)
            except OUTSIDE as error:
                return JSONResponse({"error": f"not published: {error!r}"[:300]}, 502)

        return run


def public(library: Library) -> Starlette:
    """The application of the public port."""

    async def search(request: Request) -> JSONResponse:
        try:
            query, limit = _query(await _body(request))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 422)
        library.searches += 1
        return JSONResponse({"passages": library.words.find(query, limit)})

    async def healthz(_: Request) -> JSONResponse:
        return JSONResponse({"ready": library.ready}, 200 if library.ready else 503)

    async def pulse(_: Request) -> JSONResponse:
        try:
            return JSONResponse({"nearest": await library.table.nearest(library.model, PULSE)})
        except OUTSIDE as error:
            return JSONResponse({"error": f"no pulse: {error!r}"[:300]}, 503)

    return Starlette(
        routes=[
            Route("/search", search, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/pulse", pulse),
        ]
    )


def control(library: Library) -> Starlette:
    """The application of the exam's port."""

    async def publish(request: Request) -> JSONResponse:
        raw = json.loads(await _body(request))
        wanted = {"passages", "model"}
        if not isinstance(raw, dict) or set(raw) - {"search_after_s"} != wanted or not isinstance(raw["model"], str):
            raise ValueError('expected {"passages": [...], "model": name, "search_after_s": seconds, if not 0}')
        after_s = raw.get("search_after_s", 0)
        if type(after_s) not in (int, float) or not 0 <= after_s <= MOST_AFTER_S:
            raise ValueError(f"search_after_s must be a number from 0 to {MOST_AFTER_S}")
        return JSONResponse(await library.publish(parse(raw["passages"]), raw["model"], after_s))

    async def ledger(_: Request) -> JSONResponse:
        return JSONResponse({**await library.table.state(), "searched": library.searched, "searches": library.searches})

    return Starlette(
        routes=[
            Route("/publish", library.guarded(publish), methods=["POST"]),
            Route("/ledger", library.guarded(ledger)),
        ]
    )


async def _body(request: Request) -> bytes:
    """The body; ValueError if it is too large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise ValueError(f"at most {MAX_BODY} bytes")
    return body


def _query(body: bytes) -> tuple[str, int]:
    """Query and limit of a search; ValueError says what is wrong."""
    try:
        raw = json.loads(body)
        query, limit = raw["query"], raw.get("limit", 3)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError('expected {"query": text, "limit": number}') from None
    if not isinstance(query, str) or type(limit) is not int or not 1 <= limit <= MOST:
        raise ValueError(f"query must be a text, and limit a whole number from 1 to {MOST}")
    return query, limit


async def main(library: Library, environment: Mapping[str, str]) -> None:
    """Write the table and run both ports until a signal."""
    await library.open()
    await serving({environment["LISTEN"]: public(library), environment["CONTROL"]: control(library)})


def run() -> None:
    """Read the environment, then serve; what makes no sense ends the process with one sentence."""
    try:
        library = Library(os.environ)
    except (OSError, KeyError, ValueError) as error:
        sys.exit(f"library: PASSAGES, STORE, EMBEDDER or EMBEDDER_KEY cannot be used: {error}")
    try:
        asyncio.run(main(library, os.environ))
    except OUTSIDE as error:
        sys.exit(f"library: the table was not written: {error!r}")


if __name__ == "__main__":
    run()
