"""An open service and its model pool in virtual time, in a process with the image's packages (`one_loop.py`).

Beside what all are told: `environment` of the service, `models` of the pool, `told` (what the pool's control port is
sent: at, path, payload), `nightly` (whether its clock calls the service).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.labs.cast.one_loop import Exchange, ask_json, asked, join, run

TOKEN = "virtual"


def at_midnight(application: Any) -> None:
    """The pool's clock calls this application."""
    from casebook.client import Reply
    from model_pool import clock

    async def call(base: str, method: str, path: str, payload: Any, timeout_s: float) -> Reply:
        found = await ask_json(application, method, path, payload, timeout_s)
        return Reply(found.status if found else 0)

    clock.ask = call


async def play(order: dict[str, Any]) -> list[dict[str, Any]]:
    """All arrivals, and what the pool is told between them."""
    from common.guard import Guard
    from model_pool.plugin import load
    from model_pool.pool import Pool
    from model_pool.ports import Public, control
    from model_pool.scale import Scale
    from model_pool.settings import models

    os.environ.update(order["environment"])
    loop = asyncio.get_running_loop()
    pool, guard = Pool(models(order["models"]), load(Path(order["world"])), order["nightly"]), Guard(TOKEN)
    scale = Scale(pool)
    ports = {
        served.model.listen.rpartition(":")[2]: Public(pool, scale, guard, served) for served in pool.served.values()
    }
    ports["8000"] = Public(pool, scale, guard)
    join(ports)
    controls = control(pool, guard)
    sys.path.insert(0, order["app"])
    import main

    at_midnight(main.app)

    async def tell(path: str, payload: Any) -> None:
        exchange = Exchange("POST", path, {"authorization": f"Bearer {TOKEN}"}, json.dumps(payload).encode())
        await exchange.run(controls, hop_s=0.0)
        if exchange.status != 200:
            raise RuntimeError(f"POST {path}: {exchange.status} {exchange.body.decode()}")

    async with main.app.router.lifespan_context(main.app):
        telling: list[asyncio.Task[None]] = []
        for at, path, payload in order["told"]:
            if at <= 0:
                await tell(path, payload)
            else:
                loop.call_at(at, lambda *given: telling.append(asyncio.create_task(tell(*given))), path, payload)
        answers = await asked(order["arrivals"], lambda one: ports["8000"] if one["pool"] else main.app)
        await asyncio.gather(*telling)
    pool.clock.end()
    return answers


if __name__ == "__main__":
    run(play)
