"""A control port's door: the token, bodies of a bounded size, and 422 with one sentence for what makes no sense."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Awaitable[Any]]
MAX_BODY = 8 << 20


class Refused(ValueError):
    """What was asked for makes no sense. The message is the sentence that the caller gets."""


class Guard:
    """Lets in who has the deployment's token (BROWNOUT_TOKEN); without one nobody."""

    def __init__(self, token: str | None = None) -> None:
        self._token = os.environ.get("BROWNOUT_TOKEN", "") if token is None else token

    def knows(self, given: str) -> bool:
        """Whether this is the token."""
        return bool(self._token) and hmac.compare_digest(given.encode(), self._token.encode())

    def __call__(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """The handler behind the door: 401 without the token, 422 for a ValueError, which `Refused` is. What it
        returns is the answer, as JSON unless it is a `Response`."""

        async def guarded(request: Request) -> Response:
            if not self.knows(request.headers.get("authorization", "").removeprefix("Bearer ")):
                return answer({"error": "needs the deployment's token"}, 401)
            try:
                return answer(await handler(request))
            except (ValueError, RecursionError) as error:
                return answer({"error": str(error)[:300]}, 422)

        return guarded


def answer(what: Any, status: int = 200) -> Response:
    """A response: `what` itself if it is one, else as JSON, in ASCII, so that no text of a candidate's can break it."""
    if isinstance(what, Response):
        return what
    return Response(json.dumps(what, separators=(",", ":"), allow_nan=False), status, media_type="application/json")


async def read_body(request: Request, most: int = MAX_BODY) -> bytes:
    """The whole body; `Refused` if it has more than `most` bytes."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refused(f"at most {most} bytes")
        parts.append(part)
    return b"".join(parts)


async def read_object(request: Request, most: int = MAX_BODY) -> dict[str, Any]:
    """The body as a JSON object; `Refused` if it is none."""
    try:
        found = json.loads(await read_body(request, most))
    except Refused:
        raise
    except (ValueError, RecursionError) as error:
        raise Refused(f"no JSON: {error}") from None
    if not isinstance(found, dict):
        raise Refused("a JSON object is expected")
    return found
