"""A search node: two replicas on a port each, and the exam's port. README.md has the APIs.

Environment: LISTEN_A, LISTEN_B and CONTROL (host:port), ARTICLES (a file), WORKERS, ADDED_A_S, ADDED_B_S,
BROWNOUT_TOKEN.
"""

from __future__ import annotations

import hmac
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from common.serve import serve
from index import BadArticles, Index, parse
from replica import BadPace, Overrun, Pace, Replica, parse_added
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

MAX_BODY = 1 << 16
MOST = 10


class Node:
    """The index, its replicas by name, and who may command them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.index = Index(parse(json.loads(Path(environment["ARTICLES"]).read_text("utf-8"))))
        self._token = environment.get("BROWNOUT_TOKEN", "")
        workers = int(environment.get("WORKERS", "4"))
        self.replicas = {
            name: Replica(
                name, self.index, Pace(added_s=float(environment.get(f"ADDED_{name.upper()}_S", "0"))), workers
            )
            for name in ("a", "b")
        }

    def public(self, name: str) -> Starlette:
        """The application of one replica."""
        replica = self.replicas[name]

        async def search(request: Request) -> JSONResponse:
            try:
                query, limit = _query(await _body(request))
            except ValueError as error:
                return JSONResponse({"error": str(error)}, 422)
            probe = self._is(request.headers.get("x-probe", ""))
            try:
                return JSONResponse(await replica.search(query, limit, probe=probe))
            except Overrun as error:
                return JSONResponse({"error": str(error)}, 503)

        return Starlette(
            routes=[
                Route("/search", search, methods=["POST"]),
                Route("/revision", lambda _: JSONResponse({"revision": self.index.revision})),
                Route("/stats", lambda _: JSONResponse(self.stats())),
                Route("/healthz", lambda _: JSONResponse({"status": "ok", "replica": name})),
            ]
        )

    def control(self) -> Starlette:
        """The application of the exam's port."""

        async def slow(request: Request) -> JSONResponse:
            name, added = parse_added(json.loads(await _body(request)), list(self.replicas))
            self.replicas[name].pace = Pace(added_s=added)
            return JSONResponse({"replica": name, "added_s": added})

        async def publish(request: Request) -> JSONResponse:
            return JSONResponse({"revision": self.index.publish(parse(json.loads(await _body(request))))})

        async def ledger(_: Request) -> JSONResponse:
            probes = {name: replica.probes for name, replica in self.replicas.items()}
            return JSONResponse({**self.stats(), "probes": probes})

        return Starlette(
            routes=[
                Route("/slow", self._guarded(slow), methods=["POST"]),
                Route("/articles", self._guarded(publish), methods=["POST"]),
                Route("/ledger", self._guarded(ledger)),
            ]
        )

    def stats(self) -> dict[str, Any]:
        """All replicas' counts, their sums, and the revision."""
        each = {name: replica.stats() for name, replica in self.replicas.items()}
        sums = {key: sum(counts[key] for counts in each.values()) for key in each["a"]}
        return {"revision": self.index.revision, **sums, "replicas": each}

    def _guarded(self, handler: Any) -> Any:
        async def run(request: Request) -> JSONResponse:
            if not self._is(request.headers.get("authorization", "").removeprefix("Bearer ")):
                return JSONResponse({"error": "needs the deployment's token"}, 401)
            try:
                answer: JSONResponse = await handler(request)
            except (BadArticles, BadPace, ValueError) as error:
                return JSONResponse({"error": str(error)}, 422)
            return answer

        return run

    def _is(self, given: str) -> bool:
        return bool(self._token) and hmac.compare_digest(given.encode(), self._token.encode())


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
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError('expected {"query": text, "limit": number}') from None
    if not isinstance(query, str) or type(limit) is not int or not 1 <= limit <= MOST:
        raise ValueError(f"query must be a text, and limit a whole number from 1 to {MOST}")
    return query, limit


def run() -> None:
    """Read the environment, then serve; what makes no sense ends the process with one sentence."""
    try:
        node = Node(os.environ)
    except (OSError, KeyError, ValueError) as error:
        sys.exit(f"search: ARTICLES, WORKERS or ADDED_A_S, ADDED_B_S cannot be used: {error!r}")
    ports = {"LISTEN_A": node.public("a"), "LISTEN_B": node.public("b"), "CONTROL": node.control()}
    serve({os.environ[name]: application for name, application in ports.items()})


if __name__ == "__main__":
    run()
