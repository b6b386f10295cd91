"""`python -m model_pool`: a pool, until a signal. README.md has the environment."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from collections.abc import Mapping
from pathlib import Path

from call_faults.wire import AS
from common.guard import Guard
from common.serve import Application, run, serving

from model_pool.plugin import Plugin, load
from model_pool.pool import Pool
from model_pool.ports import Public, control
from model_pool.scale import Scale
from model_pool.settings import Model, models

CONNECTIONS = 16_384


async def main(shipped: tuple[Model, ...], plugin: Plugin, environment: Mapping[str, str]) -> None:
    """Serve all ports."""
    _allow_many_connections()
    pool, guard = Pool(shipped, plugin, environment.get("NIGHTLY", "")), Guard()
    if clock := environment.get("CLOCK", ""):
        pool.clock.set(json.loads(clock))
    scale = Scale(pool)
    ports: dict[str, Application] = {environment["CONTROL"]: control(pool, guard)}
    for served in pool.served.values():
        ports[served.model.listen] = Public(pool, scale, guard, served)
    if listen := environment.get("LISTEN", ""):
        ports[listen] = Public(pool, scale, guard)
    await serving(ports, **AS)


def _allow_many_connections() -> None:
    """Hundreds of calls may wait on each port, and many machines allow a process 1,024 files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def begin() -> None:
    """Read the environment, then serve; what makes no sense ends the process with one sentence."""
    try:
        shipped = models(json.loads(os.environ["MODELS"]))
        plugin = load(Path(os.environ["ANSWERS"]))
    except (KeyError, ValueError, ImportError, AttributeError) as error:
        sys.exit(f"model_pool: MODELS, ANSWERS, CONTROL or CLOCK cannot be used: {error!r}")
    run(main(shipped, plugin, os.environ))


if __name__ == "__main__":
    begin()
