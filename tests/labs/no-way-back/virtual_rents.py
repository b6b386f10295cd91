"""Front, foundry and a candidate's api in virtual time, in a process with the image's packages (`one_loop.py`)."""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.labs.cast.one_loop import asked, join, reach, run
from tests.labs.modules import importable

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
    with importable(Path(order["world"])):
        front = importlib.import_module("front").Front("http://api:8080", "http://foundry:9000", TOKEN)
        foundry = importlib.import_module("foundry").Foundry(TOKEN)
    sys.path.insert(0, order["app"])
    api = Api(order["app"])
    asyncio.get_running_loop().set_task_factory(api.factory)
    join({"8000": foundry.public()})
    reach(api, raised=0)
    await api.start()
    acting = asyncio.create_task(acts(api, front, foundry, order["parameters"]))
    door = front.public()
    answers = await asked(order["arrivals"], lambda _: door)
    await acting
    print(front.pipeline.told(), file=sys.stderr)
    return answers


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
    with tempfile.TemporaryDirectory() as data:
        os.environ.update({"DATA_DIR": data, "FOUNDRY": "http://foundry:8000", "LISTEN": "0.0.0.0:8080"})
        run(play)
