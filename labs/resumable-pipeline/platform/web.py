"""HTTP without a framework: ASGI applications over a function, and several uvicorn servers in one loop."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from common.serve import serving

MAX_BODY = 1 << 20
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Reply = tuple[int, Any]


@dataclass(frozen=True)
class Call:
    """One request. `gone` returns when its sender has left; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    gone: Callable[[], Awaitable[None]]

    def object(self) -> dict[str, Any]:
        """The JSON object in its body.

        Raises:
            ValueError: there is none.
        """
        try:
            found = json.loads(self.body)
        except RecursionError:
            raise ValueError("expected a flat object") from None
        if not isinstance(found, dict):
            raise ValueError("expected an object")
        return found


def app(serve: Callable[[Call], Awaitable[Reply]]) -> Callable[[Message, Receive, Send], Awaitable[None]]:
    """An ASGI application that answers JSON; a ValueError is 422 with its text."""

    async def run(scope: Message, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        call = Call(scope["method"], scope["path"], headers, body or b"", lambda: _gone(receive))
        try:
            status, said = (413, {"error": f"at most {MAX_BODY} bytes"}) if body is None else await serve(call)
        except ValueError as error:
            status, said = 422, {"error": str(error)[:200]}
        payload = json.dumps(said, separators=(",", ":")).encode()
        kept = [(b"content-type", b"application/json"), (b"content-length", str(len(payload)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": kept})
        await send({"type": "http.response.body", "body": payload})

    return run


async def _body(receive: Receive) -> bytes | None:
    body, more = b"", True
    while more and len(body) <= MAX_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body if len(body) <= MAX_BODY else None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def serve(ports: dict[str, Callable[[Call], Awaitable[Reply]]]) -> None:
    """Answer on each `host:port` until a signal."""
    await serving({listen: app(function) for listen, function in ports.items()})
