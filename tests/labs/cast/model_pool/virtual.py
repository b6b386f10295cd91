"""An open service and its model pool in virtual time, in a process with the image's packages: what arrivals are told.

Reads a JSON object: `folders` to import from, `environment` and `app` of the service, `models` and `world` of the pool,
`arrivals`, `told` (what the pool's control port is sent: at, path, payload), `nightly` (whether its clock calls the
service). Writes a list of answers, with the arrivals' numbers, in the order in which they came.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import Any
from weakref import WeakKeyDictionary

from loop import VirtualLoop  # beside this script

HOP_S = 0.004  # from one part to the next, and back
TOKEN = "virtual"


class Exchange:
    """A request to an ASGI application; `leave` is what happens when the caller does."""

    def __init__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        named = [(b"host", b"lab"), *((name.lower().encode(), value.encode()) for name, value in headers.items())]
        plain, _, query = path.partition("?")
        self._scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": plain, "raw_path": plain.encode(), "query_string": query.encode(), "root_path": "",
            "extensions": {"brownout.connection": {"transport": self}},  # of call_faults.wire
            "headers": named, "client": ("lab", 1), "server": ("lab", 1),
        }  # fmt: skip
        self._body: bytes | None = body
        self._left = asyncio.Event()
        self.status, self.headers, self.body = 0, {}, b""  # type: tuple[int, dict[str, str], bytes]

    def leave(self) -> None:
        """The caller closes the connection."""
        self._left.set()

    def is_closing(self) -> bool:
        """As a transport's."""
        return self._left.is_set()

    async def run(self, application: Any, hop_s: float = HOP_S) -> None:
        await asyncio.sleep(hop_s / 2)
        await application(self._scope, self._receive, self._send)
        await asyncio.sleep(hop_s / 2)

    async def _receive(self) -> dict[str, Any]:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode().lower(): value.decode() for name, value in message.get("headers", ())}
        else:
            self.body += message.get("body", b"")


async def ask(application: Any, method: str, path: str, headers: dict[str, str], body: bytes, within_s: float) -> Any:
    """An exchange, or None if it took longer; the other side goes on all the same."""
    exchange = Exchange(method, path, headers, body)
    work = asyncio.ensure_future(exchange.run(application))
    work.add_done_callback(
        lambda done: done.cancelled() or done.exception() and print(repr(done.exception()), file=sys.stderr)
    )
    try:
        done, _ = await asyncio.wait([work], timeout=within_s)
    except asyncio.CancelledError:
        exchange.leave()
        raise
    if not done:
        exchange.leave()
        return None
    return exchange


def join(ports: dict[str, Any]) -> None:
    """httpx reaches these applications, by port, and no network. A client has as many connections as it may have."""
    import httpx

    rooms: WeakKeyDictionary[Any, asyncio.Semaphore] = WeakKeyDictionary()

    async def handle(self: Any, request: Any) -> Any:
        room = rooms.setdefault(self, asyncio.Semaphore(self._pool._max_connections))
        try:
            await asyncio.wait_for(room.acquire(), request.extensions.get("timeout", {}).get("pool"))
        except TimeoutError:
            raise httpx.PoolTimeout("", request=request) from None
        try:
            return await exchanged(request)
        finally:
            room.release()

    async def exchanged(request: Any) -> Any:
        within = request.extensions.get("timeout", {}).get("read") or 60.0
        headers = {name.decode(): value.decode() for name, value in request.headers.raw if name.lower() != b"host"}
        path, body = request.url.raw_path.decode(), await request.aread()
        found = await ask(ports[str(request.url.port)], request.method, path, headers, body, within)
        if found is None:
            raise httpx.ReadTimeout("", request=request)
        if not found.status:
            raise httpx.RemoteProtocolError("", request=request)
        return httpx.Response(found.status, headers=found.headers, content=found.body, request=request)

    httpx.AsyncHTTPTransport.handle_async_request = handle  # type: ignore[method-assign]


def without_threads() -> None:
    """Handlers that are no coroutines run at once: a thread would take no virtual time."""
    import starlette.routing

    async def run(function: Any, *given: Any) -> Any:
        return function(*given)

    starlette.routing.run_in_threadpool = run  # type: ignore[attr-defined]


def at_midnight(application: Any) -> None:
    """The pool's clock calls this application."""
    from casebook.client import Reply
    from model_pool import clock

    async def call(base: str, method: str, path: str, payload: Any, timeout_s: float) -> Reply:
        body = json.dumps(payload).encode()
        headers = {"content-type": "application/json", "content-length": str(len(body))}
        found = await ask(application, method, path, headers, body, timeout_s)
        return Reply(found.status if found else 0)

    clock.ask = call


async def play(told: dict[str, Any]) -> list[dict[str, Any]]:
    """All arrivals, and what the pool is told between them."""
    from pathlib import Path

    from common.guard import Guard
    from model_pool.plugin import load
    from model_pool.pool import Pool
    from model_pool.ports import Public, control
    from model_pool.scale import Scale
    from model_pool.settings import models

    loop = asyncio.get_running_loop()
    pool, guard = Pool(models(told["models"]), load(Path(told["world"])), told["nightly"]), Guard(TOKEN)
    scale = Scale(pool)
    ports = {
        served.model.listen.rpartition(":")[2]: Public(pool, scale, guard, served) for served in pool.served.values()
    }
    ports["8000"] = Public(pool, scale, guard)
    join(ports)
    controls = control(pool, guard)
    sys.path.insert(0, told["app"])
    import main

    at_midnight(main.app)
    answers: list[dict[str, Any]] = []

    async def arrival(n: int, one: dict[str, Any]) -> None:
        body = b"" if one["json"] is None else json.dumps(one["json"]).encode()
        headers = {**one["headers"], "content-type": "application/json", "content-length": str(len(body))}
        found = await ask(
            ports["8000"] if one["pool"] else main.app, one["method"], one["path"], headers, body, one["timeout_s"]
        )
        if found is not None and found.status:
            answers.append(
                {
                    "n": n,
                    "done": loop.time(),
                    "status": found.status,
                    "headers": found.headers,
                    "body": found.body.decode(),
                }
            )

    async def tell(path: str, payload: Any) -> None:
        exchange = Exchange("POST", path, {"authorization": f"Bearer {TOKEN}"}, json.dumps(payload).encode())
        await exchange.run(controls, hop_s=0.0)
        if exchange.status != 200:
            raise RuntimeError(f"POST {path}: {exchange.status} {exchange.body.decode()}")

    async with main.app.router.lifespan_context(main.app):
        tasks: list[asyncio.Task[None]] = []
        for at, path, payload in told["told"]:
            if at <= 0:
                await tell(path, payload)
            else:
                loop.call_at(at, lambda *given: tasks.append(asyncio.create_task(tell(*given))), path, payload)
        for n, one in enumerate(told["arrivals"]):
            await asyncio.sleep(max(0.0, one["due"] - loop.time()))
            tasks.append(asyncio.create_task(arrival(n, one)))
        await asyncio.gather(*tasks)
    pool.clock.end()
    return answers


if __name__ == "__main__":
    order = json.load(sys.stdin)
    os.environ.update(order["environment"])
    sys.path[:0] = order["folders"]
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        clock = runner.get_loop()
        time.monotonic = time.perf_counter = lambda: 1000.0 + clock.time()  # type: ignore[assignment]
        time.time = lambda: 1.8e9 + clock.time()  # type: ignore[assignment]
        without_threads()
        json.dump(runner.run(play(order)), sys.stdout)
