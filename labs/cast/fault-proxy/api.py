"""Toxiproxy's HTTP API, and the ledger. Every path but /version needs the deployment's token, if there is one."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import json
from typing import Any

from collection import Proxies
from problems import Problem, bad_body
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from toxics import Toxic

VERSION = "2.12.0"
"""The release of Toxiproxy whose API this is."""

MAX_BODY = 1 << 20


class Api:
    """The answers to each path."""

    def __init__(self, proxies: Proxies) -> None:
        self._proxies = proxies
        self._busy = asyncio.Lock()

    async def version(self, request: Request) -> Response:
        return JSONResponse({"version": VERSION})

    async def ledger(self, request: Request) -> Response:
        return JSONResponse(self._proxies.ledger.json())

    async def index(self, request: Request) -> Response:
        return JSONResponse(self._proxies.json())

    async def create(self, request: Request) -> Response:
        asked = await _body(request)
        async with self._busy:
            return JSONResponse((await self._proxies.create(asked)).json(), 201)

    async def show(self, request: Request) -> Response:
        return JSONResponse(self._proxies.get(request.path_params["proxy"]).json())

    async def update(self, request: Request) -> Response:
        asked = await _body(request)
        async with self._busy:
            return JSONResponse((await self._proxies.update(request.path_params["proxy"], asked)).json())

    async def remove(self, request: Request) -> Response:
        async with self._busy:
            await self._proxies.remove(request.path_params["proxy"])
        return Response(status_code=204)

    async def toxics(self, request: Request) -> Response:
        return JSONResponse([toxic.json() for toxic in self._proxies.get(request.path_params["proxy"]).toxics])

    async def add_toxic(self, request: Request) -> Response:
        proxy = self._proxies.get(request.path_params["proxy"])
        toxic = Toxic.parse(await _body(request))
        proxy.add(toxic)
        return JSONResponse(toxic.json())

    async def show_toxic(self, request: Request) -> Response:
        proxy = self._proxies.get(request.path_params["proxy"])
        return JSONResponse(proxy.toxic(request.path_params["toxic"]).json())

    async def update_toxic(self, request: Request) -> Response:
        proxy = self._proxies.get(request.path_params["proxy"])
        return JSONResponse(proxy.amend(request.path_params["toxic"], await _body(request)).json())

    async def remove_toxic(self, request: Request) -> Response:
        self._proxies.get(request.path_params["proxy"]).remove(request.path_params["toxic"])
        return Response(status_code=204)

    async def populate(self, request: Request) -> Response:
        asked = await _body(request)
        async with self._busy:
            made = await self._proxies.populate(asked)
        return JSONResponse({"proxies": [proxy.json() for proxy in made]}, 201)

    async def reset(self, request: Request) -> Response:
        async with self._busy:
            await self._proxies.reset()
        return Response(status_code=204)


def application(proxies: Proxies, token: str) -> ASGIApp:
    """The ASGI application; an empty token lets everybody in."""
    api = Api(proxies)
    one, toxic = "/proxies/{proxy}", "/proxies/{proxy}/toxics/{toxic}"
    routes = [
        Route("/version", api.version, methods=["GET"]),
        Route("/ledger", api.ledger, methods=["GET"]),
        Route("/proxies", api.index, methods=["GET"]),
        Route("/proxies", api.create, methods=["POST"]),
        Route("/populate", api.populate, methods=["POST"]),
        Route("/reset", api.reset, methods=["POST"]),
        Route(one, api.show, methods=["GET"]),
        Route(one, api.update, methods=["POST", "PATCH"]),
        Route(one, api.remove, methods=["DELETE"]),
        Route(f"{one}/toxics", api.toxics, methods=["GET"]),
        Route(f"{one}/toxics", api.add_toxic, methods=["POST"]),
        Route(toxic, api.show_toxic, methods=["GET"]),
        Route(toxic, api.update_toxic, methods=["POST", "PATCH"]),
        Route(toxic, api.remove_toxic, methods=["DELETE"]),
    ]
    app = Starlette(routes=routes, exception_handlers={Problem: _refused, HTTPException: _refused})
    app.router.redirect_slashes = False
    return Guard(app, token) if token else app


class Guard:
    """Lets in who shows the token: `Authorization: Bearer <token>`, or the password of HTTP Basic with any user."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["path"] != "/version" and not self._knows(dict(scope["headers"])):
            problem = Problem("needs the deployment's token, as Bearer or as the password of Basic", 401)
            await JSONResponse(problem.json(), 401)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _knows(self, headers: dict[bytes, bytes]) -> bool:
        scheme, _, shown = headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() == b"basic":
            try:
                shown = base64.b64decode(shown).partition(b":")[2]
            except binascii.Error:
                return False
        elif scheme.lower() != b"bearer":
            return False
        return hmac.compare_digest(shown, self._token.encode())


async def _body(request: Request) -> Any:
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > MAX_BODY:
            raise Problem("bad request body: larger than 1 MiB", 413)
    try:
        return json.loads(raw)
    except ValueError as error:
        raise bad_body(str(error)) from error


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        error = Problem(str(error.detail).lower(), error.status_code)
    assert isinstance(error, Problem)
    return JSONResponse(error.json(), error.status)
