"""The nightly flow. Prefect shows and times the stages; the night does not depend on Prefect."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from night import Night
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from rest import alive
from settings import SETTINGS


@task(task_run_name="{name}", cache_policy=NO_CACHE, persist_result=False)
def stage(name: str, work: Callable[[], None]) -> None:
    work()


def nightly(today: str) -> str:
    """Carry out the night of `today`; fails, after all is done that can be done, if the pipeline itself had trouble."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stdout)
    for noisy in ("httpx", "httpcore", "urllib3", "prefect"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    night = Night(today)
    if SETTINGS.prefect_api and alive(f"{SETTINGS.prefect_api}/health"):
        try:
            return _tracked(night)
        except Exception as error:
            if night.over:
                raise
            logging.warning("%s: the run is no longer tracked: %r", today, error)
    return night.work(lambda _, work: work())


def _tracked(night: Night) -> str:
    @flow(name="nightly", flow_run_name=night.today, validate_parameters=False, persist_result=False)
    def tracked() -> str:
        return night.work(lambda name, work: stage(name, work))

    return tracked()
