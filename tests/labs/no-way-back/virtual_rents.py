"""One trial in virtual time, in a process with the image's packages: front, foundry and a candidate's api in one loop.

Reads a JSON object: `world`, `app` (folders), `parameters`, `arrivals`. Writes what the
arrivals were answered, in the order of answers.
"""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from loop import VirtualLoop  # of the model pool's tests
from virtual import ask, join, without_threads

TOKEN = "virtual"
DEAD_S, AFTER_S, WAITS_S, LOOK_S, STARTS_S, EACH_S = 0.5, 0.2, 1.5, 0.03, 0.4, 1.3
LIFE: contextvars.ContextVar[int] = contextvars.ContextVar("life", default=0)


class Api:
    """The candidate's service: it can be killed, and started again on the same data."""

    def __init__(self, folder: str) -> None:
        self._folder, self._life, self.main = folder, 0, None
        self._tasks: dict[int, list[asyncio.Task[Any]]] = {}

    def factory(self, loop: Any, coroutine: Any, **more: Any) -> Any:
        """Makes a task, and writes down whose life it is of."""
        task = asyncio.Task(coroutine, loop=loop, **more)
        self._tasks.setdefault(LIFE.get(), []).append(task)
        return task

    async def start(self) -> None:
        """Import it as a new process does."""
        for path in Path(self._folder).glob("*.py"):
            sys.modules.pop(path.stem, None)
        self._life += 1
        LIFE.set(self._life)
        self.main = importlib.import_module("main")
        self._context = self.main.app.router.lifespan_context(self.main.app)
        await self._context.__aenter__()
        LIFE.set(0)

    def kill(self) -> None:
        """Whatever it does ends where it is."""
        self.main = None
        for task in self._tasks.pop(self._life, []):
            task.cancel()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As an application; nobody is there while it is dead."""
        if self.main is None:
            return
        LIFE.set(self._life)
        await asyncio.wait([asyncio.ensure_future(self._answer(self.main, scope, receive, send))])

    async def _answer(self, main: Any, scope: Any, receive: Any, send: Any) -> None:
        try:
            await main.app(scope, receive, send)
        except Exception as error:  # uvicorn would say 500
            print(repr(error), file=sys.stderr)


async def play(order: dict[str, Any]) -> list[dict[str, Any]]:
    """The trial."""
    loop, given = asyncio.get_running_loop(), order["parameters"]
    front_app, foundry = sealed(order["world"])
    sys.path.insert(0, order["app"])
    api = Api(order["app"])
    loop.set_task_factory(api.factory)
    join({"8000": foundry.public()})
    without_threads()
    asyncio.to_thread = at_once  # type: ignore[assignment]
    from_front(api)
    await api.start()
    answers: list[dict[str, Any]] = []
    tasks = [asyncio.ensure_future(acts(api, front_app, foundry, given))]
    door = front_app.public()
    for one in order["arrivals"]:
        await asyncio.sleep(max(0.0, one["due"] - loop.time()))
        tasks.append(asyncio.ensure_future(arrival(door, one, answers)))
    await asyncio.gather(*tasks)
    print(front_app.pipeline.told(), file=sys.stderr)
    return answers


def sealed(world: str) -> tuple[Any, Any]:
    """The front and the foundry, whose modules are nobody else's afterwards."""
    sys.path.insert(0, world)
    front, foundry = importlib.import_module("front"), importlib.import_module("foundry")
    made = front.Front("http://api:8080", "http://foundry:9000", TOKEN), foundry.Foundry(TOKEN)
    sys.path.remove(world)
    for path in Path(world).glob("*.py"):
        sys.modules.pop(path.stem, None)
    return made


def from_front(api: Api) -> None:
    """What the front asks goes to the api."""
    from casebook import client, strict

    async def asked(base: str, method: str, path: str, payload: Any = None, timeout_s: float = 5.0) -> Any:
        body = b"" if payload is None else json.dumps(payload).encode()
        headers = {"content-type": "application/json", "content-length": str(len(body))}
        begun = time.monotonic()
        found = await ask(api, method, path, headers, body, timeout_s)
        if found is None or not found.status:
            return client.Reply(0, error="nobody is there", seconds=time.monotonic() - begun)
        try:
            parsed = strict.loads(found.body)
        except ValueError:
            parsed = None
        return client.Reply(found.status, parsed, found.body, time.monotonic() - begun)

    client.ask = asked


async def arrival(door: Any, one: dict[str, Any], answers: list[dict[str, Any]]) -> None:
    """Ask the front, and write down what it says."""
    body = b"" if one["json"] is None else json.dumps(one["json"]).encode()
    headers = {"content-type": "application/json", "content-length": str(len(body))}
    found = await ask(door, one["method"], one["path"], headers, body, one["timeout_s"])
    if found is not None and found.status:
        at, text = asyncio.get_running_loop().time(), found.body.decode("latin-1")
        answers.append({"n": one["n"], "done": at, "status": found.status, "headers": found.headers, "body": text})


async def at_once(function: Any, *given: Any, **named: Any) -> Any:
    """In place of a thread, which would take no virtual time and be late."""
    return function(*given, **named)


async def acts(api: Api, front: Any, foundry: Any, given: dict[str, Any]) -> None:
    """What the experiment does (rehearsal/exam.py), at its times."""
    loop, before = asyncio.get_running_loop(), given["before"]
    foundry._days = type(foundry._days)(given["seed_of"], before)
    front.pipeline.plan(given["seed_of"], before)

    async def at(moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - loop.time()))

    def release(k: int) -> None:
        foundry._set(k)
        front.pipeline.act("release", k)

    for k in range(1, before + 2):
        release(k)
        await asyncio.sleep(EACH_S)
    first = before + 1
    await at(given["ship_at"])
    release(first + 1)
    await at(given["ship_on_at"])
    release(first + 2)
    await at(given["undo_at"])
    front.pipeline.act("rollback", given["target"])
    await at(given["crash_at"])
    held, k = foundry._held, first + 3
    foundry._left = given["call"]
    release(k)
    by = loop.time() + WAITS_S
    while loop.time() < by and not (foundry._held > held if given["call"] else k in front.pipeline.ids):
        await asyncio.sleep(LOOK_S)
    await asyncio.sleep(AFTER_S if given["call"] else 0.0)
    api.kill()
    foundry._left = 0
    foundry._lifted.set()
    await asyncio.sleep(DEAD_S + STARTS_S)
    await api.start()
    await at(given["anew_at"])
    if given["again"]:
        front.pipeline.act("rollback", given["again"])
    else:
        release(first + 4)


if __name__ == "__main__":
    told = json.load(sys.stdin)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner, tempfile.TemporaryDirectory() as data:
        os.environ.update({"DATA_DIR": data, "FOUNDRY": "http://foundry:8000", "LISTEN": "0.0.0.0:8080"})
        clock = runner.get_loop()
        time.monotonic = time.perf_counter = lambda: 1000.0 + clock.time()  # type: ignore[assignment]
        time.time = lambda: 1.8e9 + clock.time()  # type: ignore[assignment]
        json.dump(runner.run(play(told)), sys.stdout)
