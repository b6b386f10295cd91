"""Audience and a candidate's recommender in virtual time, in a process with the image's packages (`one_loop.py`)."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

from tests.labs.cast.one_loop import asked, join, reach, run
from tests.labs.modules import importable


async def play(order: dict[str, Any]) -> list[dict[str, Any]]:
    """The trial."""
    with importable(Path(order["world"])):
        audience = importlib.import_module("audience").Audience("http://recommender:8080", "virtual")
    door = audience.public()
    join({"8080": door})
    sys.path.insert(0, order["app"])
    main = importlib.import_module("main")
    reach(main.app, raised=500)  # as uvicorn would say
    async with main.app.router.lifespan_context(main.app):
        audience._planned = True
        audience._begin(order["parameters"]["seed_of"])
        return await asked(order["arrivals"], lambda _: door)


if __name__ == "__main__":
    os.environ.update({"AUDIENCE": "http://audience:8080", "LISTEN": "0.0.0.0:8080"})
    run(play)
