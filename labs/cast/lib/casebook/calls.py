"""A world's routes: what a candidate's services may ask it while a season is played."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from common.guard import Refused, answer, read_body
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from casebook import strict

MAX_BODY = 2 << 20
MISUNDERSTOOD = (TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
Handler = Callable[["Call"], Any]


class Absent(LookupError):
    """There is nothing of that name: 404. One sentence."""


@dataclass(frozen=True)
class Call:
    """A request: the parameters of its path, its query and headers (names in lower case), and its body (2 MiB)."""

    path: Mapping[str, Any]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; ValueError, which is answered with 422, if it is none that we accept (see `strict`)."""
        return strict.loads(self.body)


def router(routes: Mapping[str, Handler]) -> Router:
    """Routes `{"GET /things/{thing}": function}`, the path in Starlette's form.

    A function gets a `Call` and returns what is answered as JSON, or a Starlette `Response`; it may be a coroutine's.
    `Absent` is answered with 404, ValueError with 422 and its text, what a wrong type or a missing key leads to with
    422: so a handler may read JSON without looking first.
    """
    return Router([Route(path, _endpoint(handler), methods=[method]) for method, path, handler in _split(routes)])


def _split(routes: Mapping[str, Handler]) -> list[tuple[str, str, Handler]]:
    return [(*name.split(" ", 1), handler) for name, handler in routes.items()]  # type: ignore[misc]


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            body = await read_body(request, MAX_BODY)
        except Refused as error:
            return answer({"error": str(error)}, 413)
        try:
            found = handler(Call(request.path_params, request.query_params, request.headers, body))
            return answer(await found if inspect.isawaitable(found) else found)
        except Absent as error:
            return answer({"error": strict.clean(error, 300)}, 404)
        except ValueError as error:
            return answer({"error": strict.clean(error, 300)}, 422)
        except MISUNDERSTOOD as error:
            return answer({"error": f"not understood: {strict.clean(repr(error), 200)}"}, 422)

    return endpoint
