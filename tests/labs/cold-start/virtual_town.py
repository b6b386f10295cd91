"""One trial in virtual time, in a process with the image's packages: the audience and a candidate's recommender in one
loop.

Reads a JSON object: `world`, `app` (folders), `seed`, `arrivals`. Writes what the arrivals were answered, in the order
of answers.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from loop import VirtualLoop  # of the model pool's tests
from virtual import ask, join, without_threads

TOKEN = "virtual"


async def play(order: dict[str, Any]) -> list[dict[str, Any]]:
    """The trial."""
    loop = asyncio.get_running_loop()
    audience = sealed(order["world"])
    sys.path.insert(0, order["app"])
    main = importlib.import_module("main")
    join({"8080": audience.public()})
    without_threads()
    asyncio.to_thread = at_once  # type: ignore[assignment]
    from_audience(main.app)
    answers: list[dict[str, Any]] = []
    async with main.app.router.lifespan_context(main.app):
        audience._planned = True
        audience._begin(order["seed"])
        tasks = []
        for one in order["arrivals"]:
            await asyncio.sleep(max(0.0, one["due"] - loop.time()))
            tasks.append(asyncio.ensure_future(arrival(audience.public(), one, answers)))
        await asyncio.gather(*tasks)
    return answers


def sealed(world: str) -> Any:
    """The audience, whose modules are nobody else's afterwards."""
    sys.path.insert(0, world)
    made = importlib.import_module("audience").Audience("http://recommender:8080", TOKEN)
    sys.path.remove(world)
    for path in Path(world).glob("*.py"):
        sys.modules.pop(path.stem, None)
    return made


def from_audience(application: Any) -> None:
    """What the audience asks goes to the recommender."""
    from casebook import client, strict

    async def asked(base: str, method: str, path: str, payload: Any = None, timeout_s: float = 5.0) -> Any:
        body = b"" if payload is None else json.dumps(payload).encode()
        headers = {"content-type": "application/json", "content-length": str(len(body))}
        begun = time.monotonic()
        found = await ask(application, method, path, headers, body, timeout_s)
        if found is None or not found.status:  # it raised: uvicorn would say 500
            return client.Reply(0 if found is None else 500, seconds=time.monotonic() - begun)
        try:
            parsed = strict.loads(found.body)
        except ValueError:
            parsed = None
        return client.Reply(found.status, parsed, found.body, time.monotonic() - begun)

    client.ask = asked


async def arrival(door: Any, one: dict[str, Any], answers: list[dict[str, Any]]) -> None:
    """Ask the audience, and write down what it says."""
    found = await ask(door, one["method"], one["path"], {}, b"", one["timeout_s"])
    if found is not None and found.status:
        answers.append({"n": one["n"], "status": found.status, "body": found.body.decode()})


async def at_once(function: Any, *given: Any, **named: Any) -> Any:
    """In place of a thread, which would take no virtual time and be late."""
    return function(*given, **named)


if __name__ == "__main__":
    told = json.load(sys.stdin)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        os.environ.update({"AUDIENCE": "http://audience:8080", "LISTEN": "0.0.0.0:8080"})
        clock = runner.get_loop()
        time.monotonic = time.perf_counter = lambda: 1000.0 + clock.time()  # type: ignore[assignment]
        time.time = lambda: 1.8e9 + clock.time()  # type: ignore[assignment]
        json.dump(runner.run(play(told)), sys.stdout)
