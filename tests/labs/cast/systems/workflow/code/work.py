"""What a run of the test can do."""

from __future__ import annotations

import os
import time
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import INPUTS, TASK_SOURCE

DATA = Path(os.environ["DATA_DIR"])


@task(persist_result=True, cache_policy=INPUTS + TASK_SOURCE)
def step(job: str) -> str:
    with (DATA / f"{job}.steps").open("a") as file:
        file.write("x")
    return (DATA / f"{job}.steps").read_text()


@flow(name="nightly")
def nightly(job: str, sleep_s: float) -> None:
    print("steps", step(job), flush=True)
    time.sleep(sleep_s)


def write(job: str, size: int) -> None:
    try:
        (DATA / job).write_bytes(bytes(size))
    finally:
        print("size", (DATA / job).stat().st_size)


def escape(job: str) -> None:
    """Stay away from the run's group, session and parent, and say so in a file that grows: one that is written anew
    each time is empty as long as the disk is busy with what was in it before."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                with (DATA / job).open("a") as file:
                    file.write("x")
                time.sleep(0.01)
        os._exit(0)


def built(job: str) -> None:
    """Say what a flow has to do that could have been done before, or need not be done."""
    from prefect.events.worker import EventsWorker
    from pydantic._internal import _model_construction

    original, names = _model_construction.complete_model_class, set()

    def noted(model, *more, **named):
        names.add(f"{model.__module__}.{model.__name__}")
        return original(model, *more, **named)

    _model_construction.complete_model_class = noted
    nightly(job, 0.0)
    own = [name for name in sorted(names) if not name.startswith("prefect._internal.")]
    telling = [each for each in EventsWorker._instances.values() if isinstance(each, EventsWorker)]
    print("all:", len(names), "own:", own, "telling:", len(telling))


def run(job: str, what: str = "flow", sleep_s: float = 0.0, size: int = 0) -> None:
    if what == "flow":
        nightly(job, sleep_s)
    elif what == "write":
        write(job, size)
    elif what == "look":
        print("size", (DATA / job).stat().st_size, (DATA / job).read_bytes()[:64])
    elif what == "escape":
        escape(job)
        time.sleep(sleep_s)
    elif what == "built":
        built(job)
    elif what == "random":
        import random

        import numpy

        print("drawn", random.random(), numpy.random.rand())
    else:
        raise ValueError(f"there is no {what!r}")
