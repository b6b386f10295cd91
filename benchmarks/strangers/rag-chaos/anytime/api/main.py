"""The assistant's API, as a bare ASGI application: POST /v1/answers, GET /metrics, GET /healthz."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from typing import Any

import metrics
import uvicorn
from anytime import Anytime, NoAnswer
from ferry import Ferry
from oracle import Oracle

MAX_BODY = 1 << 16
FIRST_TRIP_S = 1.0
JSON, TEXT = b"application/json", b"text/plain; charset=utf-8"

log = logging.getLogger("desk")


class Api:
    def __init__(self, environment: os._Environ[str]) -> None:
        self._ferry = Ferry(environment["STORE"])
        oracle = Oracle(environment["LLM_URL"], environment["LLM_KEY"], environment["LIBRARY_URL"])
        self._anytime = Anytime(self._ferry, oracle)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            status, kind, body = await self._respond(scope["method"], scope["path"], receive)
            headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()  # startup
        sailing = asyncio.create_task(self._ferry.sail())
        with contextlib.suppress(TimeoutError):  # a store that is away does not keep us from answering
            await asyncio.wait_for(self._ferry.sailed.wait(), FIRST_TRIP_S)
        await send({"type": "lifespan.startup.complete"})
        await receive()  # shutdown
        sailing.cancel()
        await asyncio.gather(sailing, return_exceptions=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def _respond(self, method: str, path: str, receive: Any) -> tuple[int, bytes, bytes]:
        match path, method:
            case "/v1/answers", "POST":
                with metrics.seconds.labels("all").time():
                    status, said = await self._asked(await _body(receive))
                metrics.answers.labels(str(status)).inc()
                return status, JSON, json.dumps(said).encode()
            case "/healthz", "GET" | "HEAD":
                return 200, JSON, b'{"status": "ok"}'
            case "/metrics", "GET" | "HEAD":
                return 200, TEXT, metrics.page()
            case "/v1/answers" | "/healthz" | "/metrics", _:
                return 405, JSON, b'{"error": "method not allowed"}'
            case _:
                return 404, JSON, b'{"error": "not found"}'

    async def _asked(self, body: bytes | None) -> tuple[int, dict[str, Any]]:
        if body is None:
            return 413, {"error": f"at most {MAX_BODY} bytes"}
        try:
            question = json.loads(body)["question"]
        except (ValueError, LookupError, TypeError, RecursionError):
            question = None
        if not isinstance(question, str) or not question.strip():
            return 422, {"error": 'expected {"question": text}'}
        try:
            said = await self._anytime.ask(question.strip())
        except NoAnswer:
            log.warning("no answer: neither store nor library has passages")
        except Exception:
            log.exception("no answer: a mistake of ours")
        else:
            metrics.kinds.labels("degraded" if said["degraded"] else "whole").inc()
            return 200, said
        return 503, {"error": "no answer"}


async def _body(receive: Any) -> bytes | None:
    """The body; None if it is too large."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            return None
        more = message.get("more_body", False)
    return body


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(
        Api(os.environ),
        host=host,
        port=int(port),
        lifespan="on",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
    )
