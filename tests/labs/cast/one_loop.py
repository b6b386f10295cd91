"""The parts of a lab in one process and one loop, whose time passes at once: it jumps to whatever is due next.

For a script that plays a trial of an exam, run by the Python of an image, with the library of the cast and this
repository on its path. It reads a JSON object: `world` and `app` (folders), `parameters`, `arrivals`, and whatever else
the lab's exam has it told. It writes a list of answers, with the arrivals' numbers, in the order in which they came.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

HOP_S = 0.004  # from one part to the next, and back
EPOCH_S = 1.8e9  # when virtual time begins, in seconds since the epoch
Result = TypeVar("Result")


class VirtualLoop(asyncio.SelectorEventLoop):
    """For coroutines that wait for timers and each other alone."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0.0
        wait = self._selector.select  # type: ignore[attr-defined]

        def jump(timeout: float | None = None) -> Any:
            self._at += timeout or 0.0
            return wait(0)

        self._selector.select = jump  # type: ignore[attr-defined]

    def time(self) -> float:
        """Seconds since the beginning."""
        return self._at


def played(main: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns, in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def run(play: Callable[[dict[str, Any]], Coroutine[Any, Any, list[dict[str, Any]]]]) -> None:
    """Read the order, play it with clocks that show virtual time, and write the answers."""
    order = json.load(sys.stdin)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        clock = runner.get_loop()
        time.monotonic = time.perf_counter = lambda: 1000.0 + clock.time()
        time.time = lambda: EPOCH_S + clock.time()
        without_threads()
        json.dump(runner.run(play(order)), sys.stdout)


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


async def ask_json(
    application: Any, method: str, path: str, payload: Any, within_s: float, headers: dict[str, str] | None = None
) -> Any:
    """As `ask`, with a payload as JSON, or without one."""
    body = b"" if payload is None else json.dumps(payload).encode()
    said = {"content-type": "application/json", "content-length": str(len(body))}
    return await ask(application, method, path, {**(headers or {}), **said}, body, within_s)


async def asked(arrivals: list[dict[str, Any]], door: Callable[[dict[str, Any]], Any]) -> list[dict[str, Any]]:
    """Answers to arrivals, each asked when it is due of the application that is its `door`."""
    loop = asyncio.get_running_loop()
    answers: list[dict[str, Any]] = []

    async def arrival(n: int, one: dict[str, Any]) -> None:
        found = await ask_json(door(one), *(one[key] for key in ("method", "path", "json", "timeout_s", "headers")))
        if found is not None and found.status:
            body = found.body.decode("latin-1")
            came = {"n": n, "done": loop.time(), "status": found.status, "headers": found.headers, "body": body}
            answers.append(came)

    tasks = []
    for n, one in enumerate(arrivals):
        await asyncio.sleep(max(0.0, one["due"] - loop.time()))
        tasks.append(asyncio.create_task(arrival(n, one)))
    await asyncio.gather(*tasks)
    return answers


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


def reach(application: Any, raised: int) -> None:
    """The client of a casebook reaches this application alone; `raised` is the status if it gives none, or 0."""
    from casebook import client, strict

    async def reply(base: str, method: str, path: str, payload: Any = None, timeout_s: float = 5.0) -> Any:
        begun = time.monotonic()
        found = await ask_json(application, method, path, payload, timeout_s)
        seconds = time.monotonic() - begun
        if found is None or not found.status:
            status = 0 if found is None else raised
            return client.Reply(status, seconds=seconds, error="" if status else "nobody is there")
        try:
            parsed = strict.loads(found.body)
        except ValueError:
            parsed = None
        return client.Reply(found.status, parsed, found.body, seconds)

    client.ask = reply


def without_threads() -> None:
    """What would be left to a thread runs at once: a thread would take no virtual time, and be late."""
    import starlette.routing

    async def at_once(function: Any, *given: Any, **named: Any) -> Any:
        return function(*given, **named)

    asyncio.to_thread = at_once  # type: ignore[assignment]
    starlette.routing.run_in_threadpool = at_once
