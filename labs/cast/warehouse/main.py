"""The warehouse: hands out tables on one port, and is told on another what to hold. See README.md for both APIs.

Environment: LISTEN and CONTROL (host:port), PLAN (a JSON file, held from the start), BROWNOUT_TOKEN.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from common.serve import serve
from domains import DOMAINS
from plan import BadPlan, parse
from shelf import Shelf

App = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]
Reply = tuple[int, bytes]
MAX_BODY = 1 << 20


class Warehouse:
    """The shelf in use, and the token that changes it."""

    def __init__(self, plan: bytes, token: str) -> None:
        self._token = token
        self._hold(plan)

    def serve(self, method: str, path: str, headers: dict[bytes, bytes], body: bytes) -> Reply:
        """The public port."""
        _, kind, name = (*path.split("/", 2), "", "")[:3]
        if path == "/healthz":
            return 200, _json({"status": "ok"})
        if path == "/catalogue":
            return 200, CATALOGUE
        found = self._shelf.find(kind, name) if method == "GET" else None
        return (200, found) if found is not None else (404, _json({"error": "there is no such table"}))

    def control(self, method: str, path: str, headers: dict[bytes, bytes], body: bytes) -> Reply:
        """The exam's port."""
        given = headers.get(b"authorization", b"").removeprefix(b"Bearer ")
        if not self._token or not hmac.compare_digest(given, self._token.encode()):
            return 401, _json({"error": "needs the deployment's token"})
        if path == "/ledger":
            return 200, _json({"plan": self._digest, "served": self._shelf.served})
        if path != "/plan" or method != "POST":
            return 404, _json({"error": "not found"})
        try:
            self._hold(body)
        except ValueError as error:
            return 422, _json({"error": str(error)})
        return 200, _json({"plan": self._digest})

    def _hold(self, plan: bytes) -> None:
        parsed = json.loads(plan)
        if not isinstance(parsed, dict):
            raise BadPlan("plan: must be an object")
        self._shelf = Shelf(parse(parsed))
        self._digest = hashlib.sha256(plan).hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _catalogue() -> dict[str, Any]:
    return {
        domain.name: {
            "row": domain.about,
            "score": f"how likely the model thinks that {domain.outcome}",
            "numbers": [number.name for number in domain.numbers],
            "categories": {category.name: category.values for category in domain.categories},
        }
        for domain in DOMAINS.values()
    }


CATALOGUE = json.dumps(_catalogue(), indent=1).encode()


def app(serve: Callable[[str, str, dict[bytes, bytes], bytes], Reply]) -> App:
    """An ASGI application around a function from request to reply."""

    async def run(
        scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        body, more = b"", True
        while more and len(body) <= MAX_BODY:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            status, payload = 413, _json({"error": f"at most {MAX_BODY} bytes"})
        else:
            status, payload = serve(scope["method"], scope["path"], dict(scope["headers"]), body)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(payload)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    return run


def main() -> None:
    """Run both ports until a signal."""
    environment = os.environ
    warehouse = Warehouse(Path(environment["PLAN"]).read_bytes(), environment.get("BROWNOUT_TOKEN", ""))
    serve({environment["LISTEN"]: app(warehouse.serve), environment["CONTROL"]: app(warehouse.control)})


if __name__ == "__main__":
    main()
